// A release: one file of one market, view and month, and where it stands in its life.
import { isCountry } from '#kernel/countries.ts'
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import type { PriceSheetId } from '#kernel/ids.ts'
import { type Moves, move } from '#kernel/moves.ts'
import type { Losses } from './losses.store.ts'

export type PriceSheetState = 'received' | 'checked' | 'active' | 'superseded' | 'refused'
export type PriceSheetView = 'software' | 'updatedlicensebased'

export const priceSheetMoves = {
  check: { from: ['received'], to: 'checked' },
  refuse: { from: ['received'], to: 'refused' },
  activate: { from: ['checked', 'superseded'], to: 'active' },
  supersede: { from: ['active'], to: 'superseded' },
} as const satisfies Moves<PriceSheetState, string>

/** What changed against the release in force when it was checked. */
export type Comparison = {
  readonly against: PriceSheetId | undefined
  readonly added: number
  readonly removed: number
  readonly changed: number
  readonly unchanged: number
  /** Among the changed: rows that cost the seller more, or less. */
  readonly dearer: number
  readonly cheaper: number
  /** Of the rows in both: what the seller keeps of the retail price on average, in hundredths of a percent; null where none has one. */
  readonly marginBefore: number | null
  readonly marginAfter: number | null
}

export type PriceSheet = {
  readonly id: PriceSheetId
  readonly market: string
  readonly view: PriceSheetView
  /** 2026-11 */
  readonly month: string
  readonly fileName: string
  readonly source: 'vendor' | 'upload' | 'command'
  readonly state: PriceSheetState
  /** Of the unpacked CSV. */
  readonly bytes: number
  readonly rowCount: number
  readonly faultCount: number
  /** Rows that hold at the same time as another one of the same plan, currency and tier. */
  readonly ambiguousCount: number
  /** Rows and bytes read so far, while it is being imported. */
  readonly progress: number
  readonly bytesRead: number
  readonly refusedBecause: string | undefined
  readonly comparison: Comparison | undefined
  readonly receivedBy: string
  readonly receivedAt: Temporal.Instant
  readonly checkedAt: Temporal.Instant | undefined
  readonly activatedAt: Temporal.Instant | undefined
  readonly supersededAt: Temporal.Instant | undefined
  /** The release it took the place of: where a roll-back leads. */
  readonly replacedId: PriceSheetId | undefined
}

export type SheetPlace = { readonly market: string; readonly view: PriceSheetView; readonly month: string }

/** Market, view and month as people and addresses write them: `DE`, `software`, `2026-11` or `202611`. */
export function readPlace(input: { market: string; view?: string | undefined; month: string }): SheetPlace {
  const faults: FieldFault[] = []
  const market = input.market.trim().toUpperCase()
  const view = (input.view?.trim() || 'software').toLowerCase()
  const month = input.month.trim().replace(/^(\d{4})(\d{2})$/, '$1-$2')
  if (!isCountry(market))
    faults.push({
      pointer: '/market',
      code: 'unknown-country',
      message: 'The market is a country code such as DE.',
    })
  if (view !== 'software' && view !== 'updatedlicensebased')
    faults.push({
      pointer: '/view',
      code: 'unknown-view',
      message: 'The view is software or updatedlicensebased.',
    })
  if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(month))
    faults.push({ pointer: '/month', code: 'not-a-month', message: 'The month is written like 2026-11.' })
  if (faults.length > 0) throw invalid(...faults)
  return { market, view: view as PriceSheetView, month }
}

/** The moment a release is looked at for before it is in force: the beginning of its month, or now where that is past. */
export function lookedAtFor({ month }: Pick<PriceSheet, 'month'>, now: Temporal.Instant): Temporal.Instant {
  const begins = Temporal.Instant.from(`${month}-01T00:00:00Z`)
  return Temporal.Instant.compare(begins, now) > 0 ? begins : now
}

/** Puts it in force. Rows left out because they are wrong need a word of consent that names their number. */
export function activate(
  sheet: PriceSheet,
  leavingOut: number | undefined,
  at: Temporal.Instant,
): PriceSheet {
  const state = move(priceSheetMoves, sheet.state, 'activate')
  if (sheet.faultCount > 0 && leavingOut !== sheet.faultCount)
    throw new Refusal(
      'price-sheet/has-faults',
      sheet.faultCount === 1
        ? 'One row of this sheet is wrong and would be left out. Correct it and send it again, or activate the sheet leaving out 1 row.'
        : `${sheet.faultCount} rows of this sheet are wrong and would be left out. Correct them and send them again, or activate the sheet leaving out ${sheet.faultCount} rows.`,
      { faultCount: sheet.faultCount },
      [
        {
          pointer: '/leavingOut',
          code: 'consent-needed',
          message: `Say ${sheet.faultCount} to leave what is wrong out.`,
        },
      ],
    )
  return { ...sheet, state, activatedAt: at, supersededAt: undefined }
}

/** Prices that are lost need a word of consent: after them orders stop and renewals wait. */
export function consentToLosses({ plans, renewals, baskets }: Losses, isConfirmed: boolean): void {
  if (isConfirmed || plans + renewals + baskets === 0) return
  const lost = [
    [plans, 'published plan', 'published plans'],
    [renewals, 'renewal', 'renewals'],
    [baskets, 'open basket', 'open baskets'],
  ] as const
  const words = lost.flatMap(([count, one, many]) =>
    count > 0 ? [`${count} ${count === 1 ? one : many}`] : [],
  )
  throw new Refusal(
    'price-sheet/loses-prices',
    `This sheet has no price for what has one now: ${words.join(', ')}. Activate it when its prices hold, or confirm that these have none.`,
    { plans, renewals, baskets },
    [
      {
        pointer: '/confirmsLosses',
        code: 'consent-needed',
        message: `There would be no price any more for ${words.join(', ')}.`,
      },
    ],
  )
}

export function supersede(sheet: PriceSheet, at: Temporal.Instant): PriceSheet {
  return { ...sheet, state: move(priceSheetMoves, sheet.state, 'supersede'), supersededAt: at }
}
