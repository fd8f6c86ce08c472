import type { Json } from '../../../mechanisms/canonical-json'
import type { Answered, AutoresearchClient, HotkeySigner } from './client'
import { must, sha256 } from './moves'

const BUDGET_UNITS = '1000000000'
/** An EVM address for a hotkey: the devnet's pool pays nobody in truth. */
const walletOf = ({ address }: HotkeySigner) => `0x${sha256(`devnet wallet of ${address}`).slice(0, 40)}`

/** Builds and publishes an epoch, has it vetoed and released, and pays everybody out of it. */
export async function payEpoch(
  client: AutoresearchClient,
  token: string,
  claimants: readonly HotkeySigner[],
) {
  for (const miner of claimants) must(await client.setRecipient(miner, walletOf(miner)), 'a recipient')
  const admin = async (path: string, body: Json) =>
    must(await client.admin('POST', `/claims/admin/${path}`, token, body), path)
  const built = await admin('epochs', { budget_units: BUDGET_UNITS })
  const epoch = built.epoch as number
  await admin(`epochs/${epoch}/publish`, {
    root: built.root,
    total_units: built.total_units,
    uri: `https://pool.example/epochs/${epoch}.json`,
    block: 1,
  })
  const paid: string[] = []
  await veto(admin, epoch, claimants[0]!.address)
  for (const { address } of claimants) {
    const answer = await client.get(`/claims/epoch/${epoch}/proof/${address}`)
    const { proof } = must(answer, 'a proof')
    const payment = await admin('payments', { epoch, hotkey: address, proof })
    if (payment.outcome === 'paid') paid.push(address)
  }
  return { epoch, paid }
}

/** A veto locks every claim: what is sent meanwhile is reverted, and the veto is lifted again. */
async function veto(
  admin: (path: string, body: Json) => Promise<Answered['body']>,
  epoch: number,
  hotkey: string,
): Promise<void> {
  const by = { actor: 'devnet arbiter', reason: 'a second look' }
  await admin(`epochs/${epoch}/veto`, { active: true, ...by })
  const tried = await admin('payments', { epoch, hotkey })
  if (tried.reason !== 'vetoed') throw new Error(`a vetoed claim was answered ${JSON.stringify(tried)}`)
  await admin(`epochs/${epoch}/veto`, { active: false, ...by, reason: 'all is well' })
}
