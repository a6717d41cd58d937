// People of a company whom one turns to, without their signing in. Whoever may change the account may change its contacts; who gets copies
// of key mails is among the account's terms, which are the seller's, and is kept there and nowhere else.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import {
  type Account,
  assertNotMerged,
  CONTACTS_MOST,
  type Contact,
  type ContactId,
  type ContactInput,
  changeContact as changed,
  deleteContact,
  getsCopies,
  insertContact,
  listContacts,
  loadAccount,
  loadContact,
  newContact,
  saveContact,
  withCopies,
  withoutCopies,
} from '#modules/accounts'
import { differences, recordAudit } from '#modules/audit'
import { type Actor, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { assertMayChange, changeAccount } from './change-account.ts'

type Needs = Pick<App, 'db' | 'now'>
/** Whether their address gets copies of key mails; left out, it stays as it is. */
type Copies = { readonly getsKeyMails?: boolean | undefined }

export type ContactShown = Contact & { readonly getsKeyMails: boolean }

export async function addContact(
  app: Needs,
  actor: Actor,
  { accountId, getsKeyMails, ...input }: ContactInput & Copies & { readonly accountId: AccountId },
): Promise<ContactShown> {
  const at = app.now()
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const account = await hold(tx, actor, accountId)
    const contact = newContact(account, input, at)
    if ((await listContacts(tx, accountId)).length >= CONTACTS_MOST)
      throw new Refusal(
        'contact/too-many',
        `An account has at most ${CONTACTS_MOST} contacts. Remove one that is no longer needed.`,
      )
    await insertContact(tx, contact)
    await audit(tx, actor, at, 'added', { after: contact })
    return copied(tx, app, actor, account, contact, { chosen: getsKeyMails })
  })
}

export async function changeContact(
  app: Needs,
  actor: Actor,
  {
    accountId,
    id,
    getsKeyMails,
    ...change
  }: Partial<ContactInput> & Copies & { readonly accountId: AccountId; readonly id: ContactId },
): Promise<ContactShown> {
  const at = app.now()
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const account = await hold(tx, actor, accountId)
    const before = await loadContact(tx, { accountId, id })
    const after = changed(before, account, change, at)
    if (after !== before) {
      await saveContact(tx, after)
      await audit(tx, actor, at, 'changed', { before, after })
    }
    return copied(tx, app, actor, account, after, { chosen: getsKeyMails, formerly: before.email })
  })
}

export async function removeContact(
  app: Needs,
  actor: Actor,
  { accountId, id }: { readonly accountId: AccountId; readonly id: ContactId },
): Promise<ContactShown> {
  const at = app.now()
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const account = await hold(tx, actor, accountId)
    const contact = await loadContact(tx, { accountId, id })
    const getsKeyMails = getsCopies(account, contact.email)
    await deleteContact(tx, { accountId, id })
    await audit(tx, actor, at, 'removed', { before: contact })
    if (getsKeyMails && !(await isNamed(tx, accountId, contact.email)))
      await saveCopies(tx, app, actor, account, withoutCopies(account.copyKeyMailsTo, contact.email))
    return { ...contact, getsKeyMails }
  })
}

/** Held until the end: contacts of one account change one after the other. */
async function hold(tx: Tx, actor: Actor, accountId: AccountId): Promise<Account> {
  const account = await loadAccount(tx, accountId, { forUpdate: true })
  assertMayChange(actor, account)
  assertNotMerged(account)
  return account
}

/** Another contact of the account has this address. */
async function isNamed(tx: Tx, accountId: AccountId, email: string): Promise<boolean> {
  const others = await listContacts(tx, accountId)
  return others.some((each) => each.email.toLowerCase() === email.toLowerCase())
}

/** Copies follow the contact's address: what was chosen for the old one is meant for the person. */
async function copied(
  tx: Tx,
  app: Needs,
  actor: Actor,
  account: Account,
  contact: Contact,
  { chosen, formerly = contact.email }: { readonly chosen: boolean | undefined; readonly formerly?: string },
): Promise<ContactShown> {
  const { email } = contact
  const getsKeyMails = chosen ?? (getsCopies(account, formerly) || getsCopies(account, email))
  const isGivenUp = formerly !== email && !(await isNamed(tx, account.id, formerly))
  const rest = isGivenUp ? withoutCopies(account.copyKeyMailsTo, formerly) : account.copyKeyMailsTo
  const addresses = getsKeyMails ? withCopies(rest, email) : withoutCopies(rest, email)
  await saveCopies(tx, app, actor, account, addresses)
  return { ...contact, getsKeyMails }
}

async function saveCopies(
  tx: Tx,
  app: Needs,
  actor: Actor,
  account: Account,
  copyKeyMailsTo: readonly string[],
): Promise<void> {
  if (copyKeyMailsTo.join() === account.copyKeyMailsTo.join()) return
  if (actor.kind === 'portal')
    throw new Refusal(
      'right/missing',
      'Who gets copies of key mails is set by the seller. Ask us to change this contact.',
    )
  if (copyKeyMailsTo.length > 10)
    throw invalid({
      pointer: '/getsKeyMails',
      code: 'too-many',
      message: 'Key mails are copied to at most 10 addresses.',
    })
  await changeAccount({ ...app, db: tx }, actor, { accountId: account.id, terms: { copyKeyMailsTo } })
}

/** In the history of the account. */
async function audit(
  tx: Tx,
  actor: Actor,
  at: Temporal.Instant,
  verb: 'added' | 'changed' | 'removed',
  { before, after }: { readonly before?: Contact; readonly after?: Contact },
): Promise<void> {
  const { accountId, name } = (after ?? before) as Contact
  const facts = (contact: Contact | undefined) =>
    contact && { contact: contact.name, role: contact.role, email: contact.email, phone: contact.phone }
  const changes =
    before && after
      ? differences(facts(before) ?? {}, facts(after) ?? {})
      : { before: facts(before), after: facts(after) }
  await recordAudit(tx, {
    at,
    actor,
    action: `contact/${verb}`,
    subjectType: 'account',
    subjectId: accountId,
    accountId,
    // Whom it is about, also where the name stayed.
    before: changes.before && { contact: name, ...changes.before },
    after: changes.after && { contact: name, ...changes.after },
  })
}
