// How customers pay the seller: the bank account and the days that stand on the next invoices. Issued ones keep theirs.
import { type FieldFault, invalid } from '#kernel/failure.ts'
import { isPaymentDays } from '#modules/accounts'
import { differences, recordAudit } from '#modules/audit'
import { type LegalEntity, loadLegalEntity, saveLegalEntity } from '#modules/invoicing'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export type PaymentTermsInput = {
  readonly bankName?: string | undefined
  readonly iban?: string | undefined
  readonly bic?: string | undefined
  readonly paymentDays?: number | undefined
}

export async function changePaymentTerms(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: PaymentTermsInput,
): Promise<LegalEntity> {
  assertMay(actor, 'manage-setup')
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await loadLegalEntity(tx)
    const after = { ...before, ...checked(before, input) }
    await saveLegalEntity(tx, after)
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'payment-terms/changed',
      subjectType: 'legal-entity',
      subjectId: before.id,
      ...differences(before, after),
    })
    return after
  })
}

function checked(known: LegalEntity, input: PaymentTermsInput) {
  const faults: FieldFault[] = []
  const fault = (field: string, code: string, message: string) =>
    faults.push({ pointer: `/${field}`, code, message })
  const bankName = (input.bankName ?? known.bankName).trim()
  const iban = (input.iban ?? known.iban).replace(/\s+/g, '').toUpperCase()
  const bic = (input.bic ?? known.bic).replace(/\s+/g, '').toUpperCase()
  const paymentDays = input.paymentDays ?? known.paymentDays
  if (bankName.length > 100 || /\p{Cc}/u.test(bankName))
    fault('bankName', 'too-long', 'Bank is one line of at most 100 characters.')
  if (iban !== '' && !isIban(iban))
    fault(
      'iban',
      'malformed',
      'This is no IBAN: a sign is missing or mistaken. Copy it from a bank statement.',
    )
  if (bic !== '' && !/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(bic))
    fault('bic', 'malformed', 'A BIC has 8 or 11 signs, such as COBADEFFXXX.')
  if (!isPaymentDays(paymentDays))
    fault('paymentDays', 'out-of-range', 'Days to pay are a whole number from 0 to 365.')
  if (faults.length > 0) throw invalid(...faults)
  return { bankName, iban, bic, paymentDays }
}

/** By its check digits (ISO 13616): the rest of a division by 97 is 1. */
function isIban(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(iban)) return false
  const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  )
  return BigInt(digits) % 97n === 1n
}
