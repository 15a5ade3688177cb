/** A list of 50 items with six fields each. */
export const listQuery = '{ tables { edges { node { name source sqlName alias description isPublic } } } }';
