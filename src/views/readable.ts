// Of what failed, as this person may read it: the seller's people read the stored reason, a buyer what buyers are told (modules/failures).
// Every view of a record that can fail answers what comes out of here.
import { neutral, toldFailure, toldReason } from '#modules/failures'
import type { Actor } from '#modules/users'

type Failing = {
  readonly failureCode: string | undefined
  readonly failureReason: string | undefined
  readonly renewalProblem?: string | undefined
}

/** A licence or a subscription, whole or the row of a list. */
export function readableFailure<Shown extends Failing>(actor: Actor, record: Shown): Shown {
  if (actor.kind !== 'portal') return record
  const { code, reason } = toldFailure(
    { code: record.failureCode, reason: record.failureReason },
    neutral.delivery,
  )
  return {
    ...record,
    failureCode: code,
    failureReason: reason,
    ...('renewalProblem' in record && { renewalProblem: readableProblem(actor, record.renewalProblem) }),
  }
}

/** Why the next term could not be made is always the seller's to solve. */
export function readableProblem(actor: Actor, problem: string | undefined): string | undefined {
  return actor.kind === 'portal' && problem !== undefined ? neutral.renewal : problem
}

type Told = { readonly text: string; readonly reason?: string | null; readonly reasonCode?: string | null }

/** A line of a history: its sentence, and behind it the reason to whom it may be told. */
export function readableText(actor: Pick<Actor, 'kind'>, { text, reason, reasonCode }: Told): string {
  const failure = { code: reasonCode ?? undefined, reason: reason ?? undefined }
  const readable = actor.kind === 'portal' ? reason && toldReason(failure, '') : reason
  return readable ? `${text} ${readable}` : text
}

type Answered = { readonly state: string; readonly answer: string; readonly answerCode: string | null }

/** What was said to a wish to give a licence back: the seller writes for the buyer, the vendor does not. */
export function readableAnswer(actor: Actor, { state, answer, answerCode }: Answered): string {
  if (actor.kind !== 'portal' || state !== 'refused') return answer
  return toldReason({ code: answerCode ?? undefined, reason: answer }, neutral.change)
}

/** Why a vendor does not know an account. */
export function readableSyncReason(
  actor: Actor,
  status: { readonly reason: string | undefined; readonly reasonCode: string | undefined } | undefined,
): string | undefined {
  if (actor.kind !== 'portal' || status?.reason === undefined) return status?.reason
  return toldReason({ code: status.reasonCode, reason: status.reason }, neutral.account)
}
