/** Netuids below this; above it, storage indices of further mechanisms (since spec 320). */
const NETUIDS = 4096

/** netuid = index mod 4096, mechanism = index div 4096 (spec §5, weights by validator). */
export const netuidOf = (index: number) => index % NETUIDS
export const mechanismOf = (index: number) => Math.floor(index / NETUIDS)
