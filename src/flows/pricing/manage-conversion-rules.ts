// The conversion tool's rules: a rate of a currency, valid from a day until the next one begins. A rate that has begun is history and
// is not changed; a new one is entered, which may begin today.
import { countryName } from '#kernel/countries.ts'
import { invalid, Refusal } from '#kernel/failure.ts'
import { newId } from '#kernel/ids.ts'
import { findCurrenciesInForce } from '#modules/price-sheets'
import {
  assertVersion,
  type ConversionInput,
  conversionInput,
  deleteConversionRule,
  insertConversionRule,
  type KeptConversionRule,
  lockConversionRule,
  readConversion,
  saveConversionRule,
} from '#modules/pricing'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { billingRun } from '../invoicing/billing-run.ts'
import {
  auditRule,
  changed,
  endRule,
  firstVersion,
  nextVersion,
  type RuleChange,
  type RuleEnd,
  sellersDay,
} from './rule-record.ts'

type Needs = Pick<App, 'db' | 'now'>

export async function createConversionRule(
  app: Needs,
  actor: Actor,
  input: ConversionInput,
): Promise<KeptConversionRule> {
  assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const values = readConversion(input, await sellersDay(tx, at))
    await assertCanPrice(tx, values)
    const rule = { ...values, id: newId(), validTo: undefined, ...firstVersion(actor, at) }
    await insertConversionRule(tx, rule)
    await auditRule(tx, actor, at, 'conversion-rule', { after: rule })
    // Invoices may wait for exactly this one.
    await enqueue(tx, billingRun, [{ because: { kind: 'rate', name: actor.name } }])
    return rule
  })
}

/**
 * A sheet without the base currency prices nothing. A market without a sheet may get one still: its rule is entered first, and makes that
 * the sheet is fetched.
 */
async function assertCanPrice(
  tx: Tx,
  { market, baseCurrency }: Pick<KeptConversionRule, 'market' | 'baseCurrency'>,
): Promise<void> {
  const inSheet = market && (await findCurrenciesInForce(tx, market))
  if (!market || !inSheet || inSheet.length === 0 || inSheet.includes(baseCurrency)) return
  throw invalid({
    pointer: '/baseCurrency',
    code: 'not-in-sheet',
    message: `The price sheet of ${countryName(market)} has no prices in ${baseCurrency}, only in ${inSheet.join(', ')}: choose one of these, or the market of another country.`,
  })
}

/** Of a rate that has begun only the note may still change. */
export async function changeConversionRule(
  app: Needs,
  actor: Actor,
  input: RuleChange<ConversionInput>,
): Promise<KeptConversionRule> {
  assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockConversionRule(tx, input.id)
    assertVersion(before, input.version ?? before.version)
    const today = await sellersDay(tx, at)
    const hasBegun = Temporal.PlainDate.compare(before.validFrom, today) <= 0
    const { note = before.note, ...others } = input.change
    if (hasBegun && Object.values(others).some((value) => value !== undefined))
      throw new Refusal(
        'conversion-rule/in-force',
        `This rate holds since ${before.validFrom}, so prices were made with it. Enter a new rate instead; it may begin today.`,
      )
    const values = hasBegun
      ? { note: note.trim() }
      : readConversion(changed(conversionInput(before), input.change), today)
    if (!hasBegun) await assertCanPrice(tx, { ...before, ...values })
    const rule = { ...before, ...values, ...nextVersion(before, actor, at) }
    await saveConversionRule(tx, rule)
    await auditRule(tx, actor, at, 'conversion-rule', { before, after: rule })
    return rule
  })
}

/**
 * After the last day there is no rate, so orders in the currency stop until another one begins. Undefined where the rate had not
 * begun: then it is gone.
 */
export function endConversionRule(
  app: Needs,
  actor: Actor,
  input: RuleEnd,
): Promise<KeptConversionRule | undefined> {
  return endRule(app, actor, input, {
    noun: 'conversion-rule',
    lock: lockConversionRule,
    save: saveConversionRule,
    remove: (tx, { id }) => deleteConversionRule(tx, id),
  })
}
