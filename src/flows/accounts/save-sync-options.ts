// Stores what a connector must know about an account (E10), and where its keys are sent (E5). Audited: who redirects keys
// must be known.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import { dayOf } from '#kernel/time.ts'
import {
  assertNotMerged,
  checkOptions,
  findSyncOptions,
  loadAccount,
  type SyncOption,
  type SyncValues,
  saveSyncOptions as save,
  takeOptions,
} from '#modules/accounts'
import { differences, recordAudit } from '#modules/audit'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App, Connector } from '../app.ts'

export function connectorOf(app: Pick<App, 'connectors'>, code: string): Connector {
  const connector = app.connectors.find((each) => each.code === code)
  if (!connector) throw new Refusal('connector/not-found', 'This application does not exist.', { code })
  return connector
}

/** A portal may say only what its screens show. */
function optionsFor(connector: Connector, actor: Actor): readonly SyncOption[] {
  return actor.kind === 'portal'
    ? connector.syncOptions.filter((option) => option.isInStorefront)
    : connector.syncOptions
}

/** A field left blank that never had a value says nothing: its preset holds, or it is asked for when it is needed. */
function typedValues(values: SyncValues, stored: SyncValues): SyncValues {
  const trimmed = Object.entries(values).map(([id, value]) => [id, value.trim()] as const)
  return Object.fromEntries(trimmed.filter(([id, value]) => value !== '' || stored[id]))
}

/** Adds `values` to what is stored; an option that is not named keeps its value. Answers everything stored now. */
export async function saveSyncOptions(
  app: Pick<App, 'db' | 'now' | 'connectors'>,
  actor: Actor,
  input: { readonly accountId: AccountId; readonly connector: string; readonly values: SyncValues },
): Promise<SyncValues> {
  if (actor.kind !== 'portal') assertMay(actor, 'manage-accounts')
  const connector = connectorOf(app, input.connector)
  const options = optionsFor(connector, actor)
  const unknown = Object.keys(input.values).find((id) => !options.some((option) => option.id === id))
  if (unknown !== undefined)
    throw invalid({
      pointer: `/${unknown}`,
      code: 'unknown-option',
      message: `${connector.name} has no such option.`,
    })

  const at = app.now()
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const account = await loadAccount(tx, input.accountId, { forUpdate: true })
    assertNotMerged(account)
    if (actor.kind === 'portal') assertMay(actor, account.id === actor.accountId ? 'buy' : 'manage-customers')
    const before = await findSyncOptions(tx, account.id, connector.code)
    const values = typedValues(takeOptions(options, input.values, dayOf(at)), before)
    const faults = checkOptions(options, values)
    if (faults.length > 0) throw invalid(...faults)
    const after = { ...before, ...values }
    const difference = differences(before, after)
    if (Object.keys(difference.after).length === 0) return before
    await save(tx, account.id, connector.code, values, at)
    await recordAudit(tx, {
      at,
      actor,
      action: 'account/sync-options-changed',
      subjectType: 'account',
      subjectId: account.id,
      accountId: account.id,
      before: { connector: connector.code, ...difference.before },
      after: { connector: connector.code, ...difference.after },
    })
    return after
  })
}
