// The port behind which price sheets are fetched: in our words, whatever the vendor's are.
import type { SheetPlace } from './price-sheet.ts'

export type SheetAnswer =
  | { readonly outcome: 'fetched' }
  /** The vendor has no such sheet: not a failure, there are markets and months without one. */
  | { readonly outcome: 'none' }
  | { readonly outcome: 'refused'; readonly code: string; readonly reason: string }

export type PriceSheetSource = {
  /** Writes the file of one market into `path`, CSV or ZIP, streamed. May throw an Outage; the file is worth nothing then. */
  fetchSheet(wanted: SheetPlace, path: string): Promise<SheetAnswer>
}
