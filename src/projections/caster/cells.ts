import { accountOf, type Columns, shown } from '../fold/event-rows'

interface Cell {
  readonly batchId: string
  readonly validator: string
  readonly artifactId: string
  readonly claimId: string
}

/** One script on one claim at one validator, as columns. */
export const cellOf = ({ batchId, validator, artifactId, claimId }: Cell): Columns => ({
  batch_id: batchId,
  validator: accountOf(validator),
  artifact_id: artifactId,
  claim_id: shown(claimId),
})
