let nth = 0
/** Words only: a digit in a prompt may look like a product code. */
export const freshName = () =>
  `miner ${[...String(nth++)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`
