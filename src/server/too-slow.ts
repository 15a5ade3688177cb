import { GraphQLError } from 'graphql';

/** The last word to a client that reads too slowly; `eventId` names the last event that was sent to it, if it has ids. */
export function tooSlow(eventId: string | null): GraphQLError {
  const again = eventId === null ? 'subscribe again' : `subscribe again with \`after: "${eventId}"\``;
  return new GraphQLError(`Events came faster than they were read: read faster or ask for less, and ${again}.`, {
    extensions: { code: 'TOO_SLOW', ...(eventId !== null && { resumeAfter: eventId }) },
  });
}
