import { type Static, Type } from '@sinclair/typebox'
import type { EventType, PayloadOf } from '../../log/catalogue'
import type { PlatformDraft, PlatformEvent } from '../../platform/core/platform-event'
import type { PlatformModule } from '../../platform/core/platform-module'

interface Orchard {
  /** By hotkey: the tallest measurement, millimetres. */
  readonly tallest: Map<string, number>
}

const Measurement = Type.Object({
  hotkey: Type.String({ pattern: '^0x[0-9a-f]{64}$' }),
  heightMm: Type.Integer(),
})
const Answer = Type.Object({ accepted: Type.Boolean(), reason: Type.Optional(Type.String()) })

const measured = (hotkey: string, heightMm: number, at: number) =>
  ({
    type: 'TreeMeasured' as EventType,
    payload: { hotkey, heightMm, at } as never,
    actor: hotkey,
  }) as PlatformDraft

const refused = (reason: string, hotkey: string, at: number): PlatformDraft<'CommandRefused'> => ({
  type: 'CommandRefused',
  payload: {
    system: 'trees',
    command: 'measure',
    code: 'not_taller',
    status: 409,
    reason,
    subject: hotkey,
    requestHash: null,
    at,
  } satisfies PayloadOf<'CommandRefused'>,
})

/** Commands in, events out: a tree is measured, and only a taller one counts. */
export const treePlatform: PlatformModule<Orchard> = {
  system: 'trees',
  initial: () => ({ tallest: new Map() }),
  evolve(state, event: PlatformEvent) {
    if ((event.type as string) !== 'TreeMeasured') return
    const { hotkey, heightMm } = event.payload as unknown as { hotkey: string; heightMm: number }
    state.tallest.set(hotkey, heightMm)
  },
  routes:
    ({ commands }) =>
    async (app) => {
      const schema = { body: Measurement, response: { 200: Answer, 409: Answer } }
      app.post('/trees/measurements', { schema }, async (request, reply) => {
        const { hotkey, heightMm } = request.body
        const answer = await commands.execute<Static<typeof Answer>>(({ tallest }, { timeMs }) => {
          const known = tallest.get(hotkey) ?? -1
          if (heightMm > known) {
            return { events: [measured(hotkey, heightMm, timeMs)], reply: { accepted: true } }
          }
          const reason = `the tree was ${known} mm already`
          return { events: [refused(reason, hotkey, timeMs)], reply: { accepted: false, reason } }
        })
        return reply.status(answer.accepted ? 200 : 409).send(answer)
      })
    },
}
