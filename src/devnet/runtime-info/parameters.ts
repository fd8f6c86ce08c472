import type { Storage } from '../storage'

const S = (item: string) => `SubtensorModule.${item}`

/** A subnet's value of a storage item; 0 where the present spec has no such item. */
export const read = <T = number>(storage: Storage, item: string, netuid: number): T =>
  storage.knows(S(item)) ? storage.get<T>(S(item), netuid) : (0 as T)

/** Hyperparameters under the names of the runtime's structs. */
export function parametersOf(storage: Storage, netuid: number) {
  const of = (item: string) => read(storage, item, netuid)
  const [alphaLow, alphaHigh] = read<[number, number] | 0>(storage, 'AlphaValues', netuid) || [0, 0]
  return {
    rho: of('Rho'),
    kappa: of('Kappa'),
    immunityPeriod: of('ImmunityPeriod'),
    minAllowedWeights: of('MinAllowedWeights'),
    maxWeightsLimit: of('MaxWeightsLimit'),
    tempo: of('Tempo'),
    minDifficulty: of('MinDifficulty'),
    maxDifficulty: of('MaxDifficulty'),
    weightsVersion: of('WeightsVersionKey'),
    weightsRateLimit: of('WeightsSetRateLimit'),
    adjustmentInterval: of('AdjustmentInterval'),
    activityCutoff: of('ActivityCutoff'),
    registrationAllowed: Boolean(of('NetworkRegistrationAllowed')),
    powRegistrationAllowed: Boolean(of('NetworkPowRegistrationAllowed')),
    targetRegsPerInterval: of('TargetRegistrationsPerInterval'),
    burn: of('Burn'),
    minBurn: of('MinBurn'),
    maxBurn: of('MaxBurn'),
    bondsMovingAvg: of('BondsMovingAverage'),
    maxRegsPerBlock: of('MaxRegistrationsPerBlock'),
    servingRateLimit: of('ServingRateLimit'),
    maxValidators: of('MaxAllowedValidators'),
    adjustmentAlpha: of('AdjustmentAlpha'),
    difficulty: of('Difficulty'),
    commitRevealPeriod: of('RevealPeriodEpochs'),
    commitRevealWeightsEnabled: Boolean(of('CommitRevealWeightsEnabled')),
    alphaHigh,
    alphaLow,
    liquidAlphaEnabled: Boolean(of('LiquidAlphaOn')),
  }
}
