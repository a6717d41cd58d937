// How money, days and moments are written for people. Only on the server: Node's and a browser's Intl may differ by a space.
import { AsyncLocalStorage } from 'node:async_hooks'
import { isCurrency, lineTotal, type Money, moneyText, type Price, priceText } from '#kernel/money.ts'

type Kind = 'decimal' | 'money' | 'price' | 'day' | 'moment' | 'time' | 'percent' | 'number'

// Making a formatter costs a hundred times its use.
const formatters = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

function kept<Formatter extends Intl.NumberFormat | Intl.DateTimeFormat>(
  kind: Kind,
  key: string,
  make: () => Formatter,
): Formatter {
  const name = `${kind} ${key}`
  let formatter = formatters.get(name) as Formatter | undefined
  if (!formatter) {
    if (formatters.size > 1000) formatters.clear()
    formatter = make()
    formatters.set(name, formatter)
  }
  return formatter
}

const zones = new AsyncLocalStorage<string>()

/** Runs what answers a request: moments in it are written as clocks show them in this time zone, the seller's. */
export function writingIn<Result>(timeZone: string, work: () => Result): Result {
  return zones.run(timeZone, work)
}

/** In which moments are written, such as `Europe/Berlin`. */
export const timeZoneShown = (): string => zones.getStore() ?? 'UTC'

/** A tag Intl understands, whatever stands in a record. */
function localeOf(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? 'en'
  } catch {
    return 'en'
  }
}

/** Digits come from the amount, which has those of ISO 4217; Intl would say 0 for HUF. */
function amountDisplay(kind: Kind, text: string, currency: string, language: string): string {
  const digits = text.split('.')[1]?.length ?? 0
  const formatter = kept(
    kind,
    `${language} ${currency} ${digits}`,
    () =>
      new Intl.NumberFormat(localeOf(language), {
        style: 'currency',
        currency,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  ) as Intl.NumberFormat
  return formatter.format(text as Intl.StringNumericLiteral)
}

/** `€1,234.50` or `1.234,50 €`. */
export function moneyDisplay(amount: Money, language = 'en'): string {
  return amountDisplay('money', moneyText(amount), amount.currency, language)
}

/** A unit price, with more digits than the currency has only where the price has them. */
export function priceDisplay(unit: Price, language = 'en'): string {
  return amountDisplay('price', priceText(unit), unit.currency, language)
}

/** What a single one costs, in the digits its currency has: for shelves and cards, where nothing is multiplied. */
export function oneDisplay(unit: Price, language = 'en'): string {
  return moneyDisplay(lineTotal(unit, 1n), language)
}

/** An exact decimal as explanations hold it, with all the digits it has. */
export function exactDisplay(amount: string, currency: string, language = 'en'): string {
  return amountDisplay('price', amount, currency, language)
}

/** A sentence of ours that names days as `2026-11-26`, with the days written as the reader writes them. */
export function withDaysWritten(text: string, language = 'en'): string {
  return text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (day) => dayDisplay(Temporal.PlainDate.from(day), language))
}

/** The same of amounts named as `6901.44 EUR`. A rate, `1 USD = 36.5 VES`, is none and keeps its digits. */
export function withAmountsWritten(text: string, language = 'en'): string {
  return text.replace(/(?<![\w.]|= )(\d+(?:\.\d+)?) ([A-Z]{3})\b(?! =)/g, (written, amount, code) =>
    isCurrency(code) ? exactDisplay(amount, code, language) : written,
  )
}

/** `24 November 2026`. */
export function dayDisplay(day: Temporal.PlainDate, language = 'en'): string {
  const formatter = kept(
    'day',
    language,
    () => new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeZone: 'UTC' }),
  )
  return formatter.format(day.toZonedDateTime('UTC').epochMilliseconds)
}

/** Day and time of day, to the minute; `seconds` for timelines. */
export function momentDisplay(
  moment: Temporal.Instant,
  language = 'en',
  { seconds = false }: { readonly seconds?: boolean } = {},
): string {
  const timeZone = timeZoneShown()
  const formatter = kept(
    'moment',
    `${language} ${timeZone} ${seconds}`,
    () =>
      new Intl.DateTimeFormat(localeOf(language), {
        dateStyle: 'medium',
        timeStyle: seconds ? 'medium' : 'short',
        timeZone,
      }),
  )
  return formatter.format(moment.epochMilliseconds)
}

/** The time of day, to the minute. */
export function timeDisplay(moment: Temporal.Instant, language = 'en'): string {
  const timeZone = timeZoneShown()
  const formatter = kept(
    'time',
    `${language} ${timeZone}`,
    () => new Intl.DateTimeFormat(localeOf(language), { timeStyle: 'short', timeZone }),
  )
  return formatter.format(moment.epochMilliseconds)
}

/** A rate in hundredths of a percent: 1900 is `19%`. */
export function percentDisplay(basisPoints: number, language = 'en'): string {
  const formatter = kept(
    'percent',
    language,
    () => new Intl.NumberFormat(localeOf(language), { style: 'percent', maximumFractionDigits: 2 }),
  ) as Intl.NumberFormat
  return formatter.format(basisPoints / 10_000)
}

export function numberDisplay(count: number, language = 'en'): string {
  return kept('number', language, () => new Intl.NumberFormat(localeOf(language))).format(count)
}

/** A rate or another exact decimal without a currency, with all its digits. */
export function decimalDisplay(text: string, language = 'en'): string {
  const formatter = kept(
    'decimal',
    language,
    () => new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 15 }),
  ) as Intl.NumberFormat
  return formatter.format(text as Intl.StringNumericLiteral)
}
