// A write of the API, done once: the record of its key and everything it changes are one transaction. The same key and request
// get the stored answer; two at the same moment wait for each other, and the second gets the first's. A refusal leaves nothing.
import { Refusal } from '#kernel/failure.ts'
import { claimRequest, loadAnswer, type Portal, type Staff, saveAnswer, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export type Answer<Body> = { readonly status: number; readonly body: Body }

export async function once<Body>(
  app: App,
  actor: Staff | Portal,
  request: { readonly key: string | undefined; readonly hash: Uint8Array },
  work: (app: App) => Promise<Answer<Body>>,
): Promise<Answer<Body> & { readonly isReplay: boolean }> {
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const inside: App = { ...app, db: tx }
    if (request.key === undefined) return { ...(await work(inside)), isReplay: false }
    const record = { userId: actor.userId, key: request.key, hash: request.hash }
    if (!(await claimRequest(tx, record, app.now()))) {
      const stored = await loadAnswer(tx, app.secrets, record)
      if (!stored)
        throw new Refusal(
          'idempotency/key-reused',
          'This Idempotency-Key was used for another request. Use a new key for a new request.',
        )
      return { status: stored.status, body: JSON.parse(stored.body ?? 'null') as Body, isReplay: true }
    }
    const answer = await work(inside)
    const body = answer.body === undefined ? undefined : JSON.stringify(answer.body)
    await saveAnswer(tx, app.secrets, record, { status: answer.status, body })
    return { ...answer, isReplay: false }
  })
}
