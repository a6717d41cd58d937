// A wish to give a licence back (E12): from the Storefront it waits for the seller's decision and can be withdrawn until then;
// from the back office it is sent at once. The vendor's answer decides.
import type { AssetId, ReturnRequestId, TransactionId, UserId } from '#kernel/ids.ts'
import { newId } from '#kernel/ids.ts'
import { type Moves, move } from '#kernel/moves.ts'

export type ReturnRequestState = 'requested' | 'withdrawn' | 'declined' | 'sent' | 'accepted' | 'refused'

export const returnRequestMoves = {
  withdraw: { from: ['requested'], to: 'withdrawn' },
  /** Taken back before the vendor was asked. */
  undo: { from: ['sent'], to: 'withdrawn' },
  /** The same, where a customer had asked for it: it waits for a decision again. */
  reopen: { from: ['sent'], to: 'requested' },
  decline: { from: ['requested'], to: 'declined' },
  send: { from: ['requested'], to: 'sent' },
  accept: { from: ['sent'], to: 'accepted' },
  refuse: { from: ['sent'], to: 'refused' },
} as const satisfies Moves<ReturnRequestState, string>

export type ReturnRequest = {
  readonly id: ReturnRequestId
  readonly assetId: AssetId
  /** The return's own id at the vendor: the same return asked twice is one return. */
  readonly transactionId: TransactionId
  readonly state: ReturnRequestState
  readonly comment: string
  readonly requestedBy: UserId
  readonly requestedAt: Temporal.Instant
  readonly decidedBy: UserId | undefined
  readonly decidedAt: Temporal.Instant | undefined
  /** What the seller or the vendor said, in plain words. */
  readonly answer: string
  /** Of the vendor's answer, by which a buyer is told of it or not. */
  readonly answerCode: string | undefined
}

export function requestReturn(
  assetId: AssetId,
  by: UserId,
  comment: string,
  at: Temporal.Instant,
): ReturnRequest {
  return {
    id: newId(),
    assetId,
    transactionId: newId(),
    state: 'requested',
    comment,
    requestedBy: by,
    requestedAt: at,
    decidedBy: undefined,
    decidedAt: undefined,
    answer: '',
    answerCode: undefined,
  }
}

export function moved(
  request: ReturnRequest,
  name: keyof typeof returnRequestMoves,
  facts: Partial<Pick<ReturnRequest, 'decidedBy' | 'decidedAt' | 'answer' | 'answerCode'>> = {},
): ReturnRequest {
  return { ...request, ...facts, state: move(returnRequestMoves, request.state, name) }
}
