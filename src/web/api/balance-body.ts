// What an account owes, as the API speaks it.
import { z } from 'zod'
import type { Balance } from '#views/accounts/view-balance.ts'
import { MoneyBody, moneyOf, moneyOrNull } from './schemas.ts'

export const BalanceBody = z
  .object({
    credit: z.object({
      limit: MoneyBody.nullable().describe('Null: without limit.'),
      used: MoneyBody.describe('Open invoices, and what executed orders will still be invoiced for.'),
      openInvoices: MoneyBody,
      uninvoicedOrders: MoneyBody,
      left: MoneyBody.nullable().describe('Below zero where more is used than the limit.'),
    }),
    waitingOrders: z
      .array(z.object({ orders: z.int(), total: MoneyBody }))
      .describe('Submitted and not executed, by currency; they use no credit yet.'),
    receivables: z
      .array(
        z.object({
          open: MoneyBody,
          overdue: MoneyBody,
          owed: MoneyBody.describe('What you owe the account: credit invoices nothing has used up.'),
          aged: z.array(z.object({ age: z.string(), open: MoneyBody, invoices: z.int() })),
        }),
      )
      .describe('By currency; days are counted where the seller is.'),
  })
  .meta({ id: 'AccountBalance' })

export function balanceBody({ credit, waiting, receivables }: Balance): z.infer<typeof BalanceBody> {
  return {
    credit: {
      limit: moneyOrNull(credit.limit),
      used: moneyOf(credit.used),
      openInvoices: moneyOf(credit.openInvoices),
      uninvoicedOrders: moneyOf(credit.uninvoicedOrders),
      left: moneyOrNull(credit.left),
    },
    waitingOrders: waiting.map(({ orders, total }) => ({ orders, total: moneyOf(total) })),
    receivables: receivables.map(({ open, overdue, owed, aged }) => ({
      open: moneyOf(open),
      overdue: moneyOf(overdue),
      owed: moneyOf(owed),
      aged: aged.map((each) => ({ age: each.age, open: moneyOf(each.open), invoices: each.invoices })),
    })),
  }
}
