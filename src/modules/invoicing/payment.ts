// Payments: what came in for an issued invoice, or was paid back for a credit invoice. An invoice never changes; what is open of it
// stands beside it (its receivable), and payments lower it.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { type Id, type InvoiceId, newId, type UserId } from '#kernel/ids.ts'
import { type Currency, type Money, money, moneyText, negate, parseMoney } from '#kernel/money.ts'
import { converted, convertedBack } from './transaction.ts'

export type PaymentId = Id<'payment'>

/** What is owed of an issued document; of a credit invoice below zero, because the seller owes it. */
export type Receivable = {
  readonly invoiceId: InvoiceId
  readonly total: Money
  readonly open: Money
  /** The same in the transaction currency, of an invoice that has one; settled in one, it is settled in both. */
  readonly transaction?: { readonly total: Money; readonly open: Money } | undefined
  readonly dueDate: Temporal.PlainDate | undefined
}

export type Payment = {
  readonly id: PaymentId
  readonly invoiceId: InvoiceId
  readonly method: 'bank-transfer'
  /** In the invoice's currency; below zero: paid back. */
  readonly amount: Money
  /** The same in the transaction currency of the invoice, at the invoice's rate, and whether the money came in that one. */
  readonly transaction: { readonly amount: Money; readonly isGiven: boolean } | undefined
  readonly receivedOn: Temporal.PlainDate
  readonly reference: string
  readonly recordedAt: Temporal.Instant
  /** Undefined for the customer's eyes. */
  readonly recordedBy: string | undefined
  readonly withdrawn:
    | { readonly at: Temporal.Instant; readonly by?: string; readonly because?: string }
    | undefined
}

export const paymentStates = ['open', 'partly paid', 'overdue', 'paid'] as const
export type PaymentState = (typeof paymentStates)[number]

/** How far a document is paid; told from what is open of it. A credit invoice is paid once it was used up or paid back. */
export function paymentStateOf(
  { total, open, dueDate }: Pick<Receivable, 'total' | 'open' | 'dueDate'>,
  today: Temporal.PlainDate,
): PaymentState {
  if (open.amountMinor === 0n) return 'paid'
  if (open.amountMinor > 0n && dueDate && Temporal.PlainDate.compare(dueDate, today) < 0) return 'overdue'
  return open.amountMinor === total.amountMinor ? 'open' : 'partly paid'
}

export type TypedPayment = {
  /** A plain amount above zero; undefined or empty: all that is open. */
  readonly amount?: string | undefined
  /** The document's currency or its transaction currency; undefined or empty: the document's. */
  readonly currency?: string | undefined
  /** The day on the bank statement, `2026-11-22`. */
  readonly receivedOn: string
  readonly reference?: string | undefined
}

const MAX_REFERENCE = 140

/** A payment as it was typed; refuses with the fields at fault. Nothing is ever paid above what is open. */
export function readPayment(
  typed: TypedPayment,
  receivable: Receivable,
  /** Of an invoice in a transaction currency too. */
  rate: string | undefined,
  by: { readonly userId: UserId | undefined; readonly name: string },
  now: { readonly at: Temporal.Instant; readonly today: Temporal.PlainDate },
): Payment & { readonly userId: UserId | undefined } {
  const { open } = receivable
  if (open.amountMinor === 0n)
    throw new Refusal('invoice/already-paid', 'Nothing of it is open: it is paid already.')
  const faults: FieldFault[] = []
  const isBack = open.amountMinor < 0n
  const paid = paidOf(typed, receivable, rate, faults)
  const receivedOn = dayTyped(typed.receivedOn.trim(), now.today, faults)
  const reference = (typed.reference ?? '').replace(/\s+/g, ' ').trim()
  if (reference.length > MAX_REFERENCE)
    faults.push({
      pointer: '/reference',
      code: 'too-long',
      message: `The reference has up to ${MAX_REFERENCE} characters.`,
    })
  if (!paid || !receivedOn || faults.length > 0) throw invalid(...faults)
  const signed = (amount: Money) => (isBack ? negate(amount) : amount)
  return {
    id: newId(),
    invoiceId: receivable.invoiceId,
    method: 'bank-transfer',
    amount: signed(paid.amount),
    transaction: paid.transaction && { ...paid.transaction, amount: signed(paid.transaction.amount) },
    receivedOn,
    reference,
    recordedAt: now.at,
    recordedBy: by.name,
    userId: by.userId,
    withdrawn: undefined,
  }
}

type Paid = Pick<Payment, 'amount' | 'transaction'>

const abs = (amount: Money): Money => (amount.amountMinor < 0n ? negate(amount) : amount)

/** What was typed in one currency, and what it is in the other: all that is open of one is all of the other, and less is less. */
function paidOf(
  typed: TypedPayment,
  { open, transaction }: Receivable,
  rate: string | undefined,
  faults: FieldFault[],
): Paid | undefined {
  const most = abs(open)
  const text = typed.amount?.trim() ?? ''
  const currency = typed.currency?.trim() || open.currency
  if (!transaction || !rate) {
    if (currency !== open.currency) return otherCurrency(currency, [open.currency], faults)
    const amount = amountTyped(text, most, faults)
    return amount && { amount, transaction: undefined }
  }
  const mostThere = abs(transaction.open)
  const there = mostThere.currency
  if (currency === open.currency) {
    const amount = amountTyped(text, most, faults)
    if (!amount) return undefined
    const isAll = amount.amountMinor === most.amountMinor
    const part = () => below(converted(amount, { rate, currency: there }), mostThere)
    return { amount, transaction: { amount: isAll ? mostThere : part(), isGiven: false } }
  }
  if (currency !== there) return otherCurrency(currency, [open.currency, there], faults)
  const given = amountTyped(text, mostThere, faults)
  if (!given) return undefined
  const isAll = given.amountMinor === mostThere.amountMinor
  const amount = isAll ? most : below(convertedBack(given, rate, open.currency), most)
  if (amount.amountMinor > 0n) return { amount, transaction: { amount: given, isGiven: true } }
  faults.push({
    pointer: '/amount',
    code: 'too-small',
    message: `${moneyText(given)} ${there} is less than the smallest unit of ${open.currency}, the currency of this invoice.`,
  })
  return undefined
}

/** What is less in one currency leaves something open in the other. */
function below(amount: Money, most: Money): Money {
  if (amount.amountMinor < most.amountMinor) return amount
  return money(most.amountMinor > 0n ? most.amountMinor - 1n : 0n, most.currency)
}

function otherCurrency(currency: string, allowed: readonly string[], faults: FieldFault[]): undefined {
  faults.push({
    pointer: '/currency',
    code: 'other-currency',
    message: `This invoice is in ${allowed.join(' and ')}, not in ${currency.slice(0, 10)}.`,
  })
  return undefined
}

function amountTyped(text: string, most: Money, faults: FieldFault[]): Money | undefined {
  if (text === '') return most
  const fault = (code: string, message: string) => {
    faults.push({ pointer: '/amount', code, message })
    return undefined
  }
  const amount = parsed(text, most.currency)
  if (!amount) return fault('not-an-amount', `The amount is one of ${most.currency} like 1234.50.`)
  if (amount.amountMinor <= 0n) return fault('not-positive', 'The amount is above zero.')
  if (amount.amountMinor > most.amountMinor)
    return fault(
      'above-open',
      `Only ${moneyText(most)} ${most.currency} are open. Record what is left on another invoice.`,
    )
  return amount
}

function parsed(text: string, currency: Currency): Money | undefined {
  try {
    return parseMoney(text, currency)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function dayTyped(
  text: string,
  today: Temporal.PlainDate,
  faults: FieldFault[],
): Temporal.PlainDate | undefined {
  const fault = (code: string, message: string) => {
    faults.push({ pointer: '/receivedOn', code, message })
    return undefined
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text))
    return fault('not-a-day', 'The day the money came in, such as 2026-11-22.')
  try {
    const day = Temporal.PlainDate.from(text, { overflow: 'reject' })
    if (Temporal.PlainDate.compare(day, today) > 0)
      return fault('in-the-future', 'Money that has not come in yet cannot be recorded.')
    if (day.year < 2000) return fault('too-early', 'The day is after the year 2000.')
    return day
  } catch {
    return fault('not-a-day', `${text} is no day of the calendar.`)
  }
}
