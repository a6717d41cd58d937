// A write of the API, done once: the record of its key and everything it changes are one transaction. The same key and request
// get the stored answer; two at the same moment wait for each other, and the second gets the first's. A refusal leaves nothing.
import { Refusal } from '#kernel/failure.ts'
import {
  claimRequest,
  loadAnswer,
  type Portal,
  releaseRequest,
  type Staff,
  saveAnswer,
  scopeOf,
} from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export type Answer<Body> = { readonly status: number; readonly body: Body }

export type Asked = { readonly key: string; readonly hash: Uint8Array }
export type Once<Body> = Answer<Body> & { readonly isReplay: boolean }

/**
 * `withSellersEyes`: for flows that write what no portal may (users, API keys) and check the actor's reach themselves;
 * everything else runs under the actor's own scope.
 */
export async function once<Body>(
  app: App,
  actor: Staff | Portal,
  request: Asked,
  work: (app: App) => Promise<Answer<Body>>,
  { withSellersEyes = false }: { withSellersEyes?: boolean } = {},
): Promise<Once<Body>> {
  return transaction(app.db, withSellersEyes ? sellerScope : scopeOf(actor), async (tx) => {
    const inside: App = { ...app, db: tx }
    const record = { userId: actor.userId, key: request.key, hash: request.hash }
    if (!(await claimRequest(tx, record, app.now()))) return replay(await loadAnswer(tx, app.secrets, record))
    const answer = await work(inside)
    const body = answer.body === undefined ? undefined : JSON.stringify(answer.body)
    await saveAnswer(tx, app.secrets, record, { status: answer.status, body })
    return { ...answer, isReplay: false }
  })
}

/**
 * For work that speaks to the network, which no transaction may hold: the key is taken first, the answer kept afterwards. What
 * is refused gives the key back. A process that dies in between leaves the key taken: whether the work was done is not known then.
 */
export async function onceOutside<Body>(
  app: App,
  actor: Staff | Portal,
  request: Asked,
  work: () => Promise<Answer<Body>>,
): Promise<Once<Body>> {
  const record = { userId: actor.userId, key: request.key, hash: request.hash }
  const before = await transaction(app.db, sellerScope, async (tx) =>
    (await claimRequest(tx, record, app.now())) ? 'mine' : loadAnswer(tx, app.secrets, record),
  )
  if (before !== 'mine') return replay(before)
  const answer = await work().catch(async (error: unknown) => {
    await transaction(app.db, sellerScope, (tx) => releaseRequest(tx, record))
    throw error
  })
  const body = answer.body === undefined ? undefined : JSON.stringify(answer.body)
  await transaction(app.db, sellerScope, (tx) =>
    saveAnswer(tx, app.secrets, record, { status: answer.status, body }),
  )
  return { ...answer, isReplay: false }
}

function replay<Body>(stored: Awaited<ReturnType<typeof loadAnswer>>): Once<Body> {
  if (stored === undefined)
    throw new Refusal(
      'idempotency/key-reused',
      'This Idempotency-Key was used for another request. Use a new key for a new request.',
    )
  if (stored === 'unanswered')
    throw new Refusal(
      'conflict/request-under-way',
      'The first request with this Idempotency-Key has no answer yet. Wait a moment; if it stays so, look whether it was done before you send it with a new key.',
    )
  return { status: stored.status, body: JSON.parse(stored.body ?? 'null') as Body, isReplay: true }
}
