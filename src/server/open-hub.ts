import { randomUUID } from 'node:crypto';
import { createContext, type Context } from '../../schema/context.ts';
import { asGraphQLError } from '../../schema/rules.ts';
import { schema } from '../../schema/schema.ts';
import type { Failure } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import { demand } from '../operation/rule.ts';
import { accessTopic } from '../sharing/readable-change.ts';
import { AccessWatch } from './access-watch.ts';
import { TopicBus } from './event-bus.ts';
import type { Instance } from './instance.ts';
import { maskError } from './mask-error.ts';
import { SubscriptionHub } from './subscription-hub.ts';

/** The topics of changes that may alter who somebody is or what they may see. */
const accessTopics: ReadonlySet<string> = new Set([
  'user',
  'role',
  'roleGrant',
  'userGroups',
  'groupMapping',
  'table',
  'tableGrant',
  'credential',
]);

/** The hub of an instance: fed by its commits, asking its indexes who may see what. */
export function openHub(instance: Instance): SubscriptionHub {
  const { services } = instance;
  const bus = new TopicBus();
  const watch = new AccessWatch(services, bus);
  const watchers = new Set<() => void>([() => watch.accessChanged()]);
  services.accessIndex.onTurn(accessChanged);
  services.tableAccess.onTurn(accessChanged);
  services.store.onCommit((events) => {
    if (events.some(({ topic }) => accessTopics.has(topic))) accessChanged();
    bus.publish(events);
  });

  function accessChanged(): void {
    for (const watcher of watchers) watcher();
  }

  return new SubscriptionHub({
    schema,
    bus,
    outbox: services.store,
    joined: (topic, principal) => (topic === accessTopic ? watch.watch(principal) : () => {}),
    principalOf: (credential) => services.currentPrincipal(credential as Principal),
    accessKey: (principal, personal) => {
      const parts = [services.tableAccess.readableSet(principal).key, [...principal.roles].toSorted().join()];
      if (principal.narrowing) parts.push(JSON.stringify(principal.narrowing));
      return personal ? [...parts, principal.userId].join('|') : parts.join('|');
    },
    onAccessChange: (listener) => {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    contextFor: (principal): Context =>
      createContext({ principal, requestId: randomUUID(), services, instance: instance.facts }),
    refusal: (field, principal) => {
      try {
        demand(field.extensions.rule ?? { role: 'core.admin' }, principal);
        return null;
      } catch (error) {
        return asGraphQLError(error as Failure);
      }
    },
    maskError: (error) => maskError(error, { requestId: randomUUID(), log: instance.log }),
  });
}
