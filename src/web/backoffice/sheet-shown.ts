// Price sheets as pages show them: every text made on the server.
import { countryName } from '#kernel/countries.ts'
import { softwareSku } from '#kernel/software-sku.ts'
import type { PriceSheet, RowChange } from '#modules/price-sheets'
import { momentDisplay, numberDisplay, percentDisplay } from '#web/format.ts'
import { softwareWords } from '#web/software-words.ts'

const views: Readonly<Record<string, string>> = {
  software: 'Software',
  updatedlicensebased: 'Licence-based services',
}
export const viewChoices = Object.entries(views).map(([value, label]) => ({ value, label }))
export const viewWords = (view: string) => views[view] ?? view

/** `November 2026`. */
export function monthWords(month: string): string {
  return new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  )
}

export const marketWords = (market: string) => `${countryName(market, 'en')} (${market})`

const states: Readonly<Record<PriceSheet['state'], string>> = {
  received: 'being read',
  checked: 'ready',
  active: 'in force',
  superseded: 'was in force',
  refused: 'refused',
}
export const stateWords = (state: PriceSheet['state']) => states[state]

const sources: Readonly<Record<PriceSheet['source'], string>> = {
  vendor: 'fetched from the vendor',
  upload: 'uploaded',
  command: 'imported on the command line',
}
export const sourceWords = (source: PriceSheet['source']) => sources[source]

export function sizeWords(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

export function sheetRow(sheet: PriceSheet) {
  return {
    id: sheet.id as string,
    market: marketWords(sheet.market),
    view: viewWords(sheet.view),
    month: monthWords(sheet.month),
    state: stateWords(sheet.state),
    rows: numberDisplay(sheet.state === 'received' ? sheet.progress : sheet.rowCount),
    wrong: sheet.faultCount === 0 ? '' : numberDisplay(sheet.faultCount),
    fileName: sheet.fileName,
    received: momentDisplay(sheet.receivedAt),
  }
}

export function comparisonShown({ comparison }: PriceSheet) {
  if (!comparison) return undefined
  const { marginBefore, marginAfter } = comparison
  return {
    counts: [
      ['Added', numberDisplay(comparison.added)],
      ['Removed', numberDisplay(comparison.removed)],
      ['Changed', numberDisplay(comparison.changed)],
      ['Unchanged', numberDisplay(comparison.unchanged)],
    ] as [string, string][],
    prices:
      comparison.dearer + comparison.cheaper === 0
        ? ''
        : `${numberDisplay(comparison.dearer)} prices rise, ${numberDisplay(comparison.cheaper)} fall.`,
    margin:
      marginBefore === null || marginAfter === null
        ? ''
        : marginBefore === marginAfter
          ? `The margin at retail prices stays at ${percentDisplay(marginAfter)} on average.`
          : `The margin at retail prices goes from ${percentDisplay(marginBefore)} to ${percentDisplay(marginAfter)} on average.`,
  }
}

export function changeShown(change: RowChange) {
  const tier = change.tierMin === null || change.tierMin <= 1n ? '' : `, from ${change.tierMin} licences`
  return {
    key: `${softwareSku(change)} ${change.currency} ${change.tierMin ?? ''} ${change.oldCost} ${change.newCost}`,
    change: change.change,
    title: change.title,
    sku: `${change.productCode}:${change.skuCode}`,
    plan: `${softwareWords(softwareSku(change))}${tier}`,
    currency: change.currency as string,
    cost: beforeAndAfter(change.oldCost, change.newCost),
    retail: beforeAndAfter(change.oldRetail, change.newRetail),
  }
}

function beforeAndAfter(before: string | null, after: string | null): string {
  if (before === null || after === null || before === after) return after ?? before ?? ''
  return `${before} → ${after}`
}
