import { askAs } from '../api/renewing'
import { currentIdentity } from '../local/identities'
import { newId } from '../local/ids'

/** What became of a test ring on this phone. */
export type Tested = 'shown' | 'sent' | 'failed' | 'silence'

const PATIENCE_MS = 20_000
const LOOK_EACH_MS = 700

/** Has the server ring this person's phones, and waits for what this one answers. */
export async function ringMyself(): Promise<Tested> {
  const path = `/api/ring_tests/${newId()}`
  const who = await currentIdentity()
  const asked = await askAs(who, path, { method: 'PUT', body: '{}' })
  if (asked.kind !== 'ok') return asked.kind === 'silence' ? 'silence' : 'failed'
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const answer = await askAs<{ ways: { channel: string; this_phone: boolean; fate: string }[] }>(who, path)
    const here = answer.kind === 'ok' ? answer.body.ways.filter((way) => way.this_phone && way.channel === 'push') : []
    if (here.some(({ fate }) => fate === 'shown' || fate === 'opened')) return 'shown'
    if (here.length && here.every(({ fate }) => fate === 'failed')) return 'failed'
    if (Date.now() > until) return 'sent'
    await new Promise((resolve) => setTimeout(resolve, LOOK_EACH_MS))
  }
}
