// What a mail says is read from the records at the moment it is sent, so that no key ever lies in the mail log.
import { countryName } from '#kernel/countries.ts'
import type { AccountId, AssetId, InvoiceId, OrderId, SubscriptionId } from '#kernel/ids.ts'
import { currency, type Money, type MoneyJson, moneyText, parseMoney } from '#kernel/money.ts'
import { dayOf } from '#kernel/time.ts'
import { loadAccount, loadAccounts } from '#modules/accounts'
import { findSealedKey, loadAsset, openKey } from '#modules/assets'
import { findReceivable, type LegalEntity, loadInvoice, loadLegalEntity } from '#modules/invoicing'
import type { Mail, MailLook, NotificationValues } from '#modules/notifications'
import { listItemsOfOrder, loadOrder } from '#modules/orders'
import { loadSubscription } from '#modules/subscriptions'
import { findUser } from '#modules/users'
import type { Tx } from '#platform/db.ts'
import type { Message } from '#platform/mail.ts'
import type { App } from '../app.ts'
import { greetedName } from './greeted-name.ts'

type Values = Record<string, Record<string, string> | string>

const dayText = (moment: Temporal.Instant | undefined, language: string, timeZone: string) =>
  moment
    ? new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone }).format(moment.epochMilliseconds)
    : ''

const momentText = (moment: Temporal.Instant, language: string, timeZone: string) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(
    moment.epochMilliseconds,
  )

function sellerValues(seller: LegalEntity): Record<string, string> {
  const { name, email, phone, iban, bankName } = seller
  return { name, email, phone, iban, bankName }
}

/** Who mails come from where the mail server has no sender of its own. */
export function senderOf({ name, email }: LegalEntity): NonNullable<Message['from']> {
  return { name, address: email }
}

export function mailLook(seller: LegalEntity, language: string): MailLook {
  return {
    sellerName: seller.name,
    colour: seller.brandColor,
    language,
    footer: [
      [
        seller.name,
        seller.addressLine1,
        `${seller.postalCode} ${seller.city}`,
        countryName(seller.country, language),
      ]
        .filter(Boolean)
        .join(' · '),
      seller.registration,
      `${language.startsWith('de') ? 'USt-IdNr.' : 'VAT'} ${seller.vatNumber}`,
    ].filter(Boolean),
  }
}

/** The language the mail has words in, for a reader of this one: days, amounts and countries are written in the same. */
export type Speak = (readersLanguage: string) => string | Promise<string>

/** All values a mail may use, with its language. `masked`: with the mask of a key, and of a link no more than where it leads, for logs and previews. */
export async function mailValues(
  tx: Tx,
  app: Pick<App, 'secrets' | 'settings' | 'now'>,
  mail: Pick<Mail, 'assetId' | 'accountId' | 'variables'> &
    Partial<Pick<Mail, 'subscriptionId' | 'userId' | 'orderId' | 'invoiceId' | 'toAddresses'>> & {
      readonly secret?: string | undefined
    },
  speak: Speak,
): Promise<{ values: NotificationValues; masked: NotificationValues; look: MailLook }> {
  const seller = await loadLegalEntity(tx)
  const values: Values = { seller: sellerValues(seller) }
  const mask: Values = {}
  const found = await recordValues(tx, app, mail, seller, speak)
  const { language } = found
  Object.assign(values, found.values)
  Object.assign(mask, found.mask)
  // A preview goes to nobody yet: it names the contact of the company that is written to.
  const group = values['customer'] ?? values['account']
  if (mail.toAddresses && found.companies && typeof group === 'object')
    group['contactName'] = await greetedName(tx, found.companies, mail.toAddresses)
  for (const [name, value] of Object.entries(mail.variables))
    values[name] = typeof value === 'object' && value !== null ? toldIn(value, language) : String(value)
  if (mail.secret) {
    values['resetLink'] = mail.secret
    mask['resetLink'] = originOf(mail.secret)
  }
  // A moment is kept as it is and told in the reader's words.
  const { expires } = mail.variables
  if (typeof expires === 'string')
    values['expires'] = momentText(Temporal.Instant.from(expires), language, seller.timeZone)
  const { payment } = mail.variables
  if (payment) values['payment'] = paymentValues(payment as TellsPayment, language)
  return { values, masked: { ...values, ...mask }, look: mailLook(seller, language) }
}

/** Of the record a mail is about. */
async function recordValues(
  tx: Tx,
  app: Pick<App, 'secrets' | 'settings' | 'now'>,
  mail: Parameters<typeof mailValues>[2],
  seller: LegalEntity,
  speak: Speak,
): Promise<Found & { readonly mask?: Values }> {
  const reader = mail.accountId ?? undefined
  if (mail.assetId) return licenceValues(tx, app, mail.assetId, { seller, reader, speak })
  if (mail.subscriptionId) return subscriptionValues(tx, mail.subscriptionId, { seller, reader, speak })
  if (mail.invoiceId) return invoiceValues(tx, app, mail.invoiceId, speak)
  if (mail.orderId) return orderValues(tx, app, mail.orderId, { seller, speak })
  // To somebody by name: in their own language, whatever their company's is.
  if (mail.userId)
    return { language: await speak((await findUser(tx, mail.userId))?.language ?? 'en'), values: {} }
  if (!mail.accountId) return { language: await speak('en'), values: {} }
  const account = await loadAccount(tx, mail.accountId)
  const language = await speak(account.language)
  const { number, name, country } = account
  return {
    companies: [account.id, ...(account.parentId ? [account.parentId] : [])],
    language,
    values: {
      account: { number, name, contactName: contactOf(account), country: countryName(country, language) },
    },
  }
}

const contactOf = (
  account: { readonly contactFirstName: string; readonly contactLastName: string } | undefined,
) => [account?.contactFirstName, account?.contactLastName].filter(Boolean).join(' ')

/** Where a link leads, without what opens something there. */
const originOf = (link: string) => (link ? new URL(link).origin : '')

type TellsPayment = MoneyJson & { readonly receivedOn: string }

function paymentValues({ receivedOn, ...paid }: TellsPayment, language: string): Record<string, string> {
  return {
    amount: amountText(parseMoney(paid.amount, currency(paid.currency)), language),
    receivedOn: Temporal.PlainDate.from(receivedOn).toLocaleString(language, { dateStyle: 'long' }),
  }
}

type Found = {
  readonly language: string
  readonly values: Values
  /** Whose people it may be written to. */
  readonly companies?: readonly AccountId[]
}

type Told = {
  readonly seller: LegalEntity
  /** Whom the mail is written to; the end customer, if left out. */
  readonly reader?: AccountId | undefined
  readonly speak: Speak
}

/** The companies and the order behind a record, as every mail about it names them; the contact is that of the company written to. */
async function partiesOf(
  tx: Tx,
  record: { readonly orderId: OrderId; readonly endCustomerId: AccountId; readonly billingToId: AccountId },
  { reader, speak }: Pick<Told, 'reader' | 'speak'>,
): Promise<Found> {
  const order = await loadOrder(tx, record.orderId)
  const parties = await loadAccounts(tx, [record.endCustomerId, record.billingToId])
  const customer = parties.find((account) => account.id === record.endCustomerId)
  const payer = parties.find((account) => account.id === record.billingToId)
  const writtenTo = parties.find((account) => account.id === reader) ?? customer
  return {
    companies: parties.map(({ id }) => id),
    language: await speak(writtenTo?.language ?? 'en'),
    values: {
      customer: { name: customer?.name ?? '', contactName: contactOf(writtenTo) },
      reseller: { name: payer && payer.id !== customer?.id ? payer.name : '' },
      order: { number: order.number },
    },
  }
}

async function licenceValues(
  tx: Tx,
  app: Pick<App, 'secrets'>,
  assetId: AssetId,
  told: Told,
): Promise<Found & { readonly mask: Values }> {
  const asset = await loadAsset(tx, assetId)
  const { language, values, ...found } = await partiesOf(tx, asset, told)
  const sealed = await findSealedKey(tx, asset.id)
  const opened = sealed ? openKey(app.secrets, sealed) : undefined
  const link = opened?.activationLink ?? ''
  const licence = {
    number: asset.number,
    product: asset.name,
    key: opened?.key ?? '',
    activationLink: link,
    downloadLink: asset.downloadLink ?? '',
    downloadExpires: dayText(asset.downloadExpiresAt, language, told.seller.timeZone),
  }
  return {
    ...found,
    language,
    values: { ...values, licence },
    mask: { licence: { ...licence, key: asset.keyMask ?? '', activationLink: originOf(link) } },
  }
}

async function subscriptionValues(tx: Tx, id: SubscriptionId, told: Told): Promise<Found> {
  const record = await loadSubscription(tx, id)
  const { language, values, ...found } = await partiesOf(tx, record, told)
  const { seller } = told
  const day = (date: Temporal.PlainDate | undefined) =>
    dayText(date?.toZonedDateTime(seller.timeZone).toInstant(), language, seller.timeZone)
  const subscription = {
    number: record.number,
    product: record.name,
    quantity: String(record.quantity),
    startsOn: day(record.startsOn),
    endsOn: day(record.endsOn),
    autoRenew: record.autoRenew ? 'on' : 'off',
  }
  return { ...found, language, values: { ...values, subscription } }
}

/** In the digits of ISO 4217; Intl would say none for HUF. */
function amountText(amount: Money, language: string): string {
  const text = moneyText(amount)
  const digits = text.split('.')[1]?.length ?? 0
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: amount.currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(text as Intl.StringNumericLiteral)
}

const isAmount = (value: unknown): value is MoneyJson =>
  typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value

/** An amount is kept as it is and told in the reader's words. */
function toldIn(group: object, language: string): Record<string, string> {
  const told = (value: unknown) =>
    isAmount(value) ? amountText(parseMoney(value.amount, currency(value.currency)), language) : String(value)
  return Object.fromEntries(Object.entries(group).map(([name, value]) => [name, told(value)]))
}

/** Of a long order the first lines, and how many more there are. */
const LINES_TOLD = 10

async function orderValues(
  tx: Tx,
  app: Pick<App, 'settings'>,
  id: OrderId,
  { seller, speak }: Told,
): Promise<Found> {
  const record = await loadOrder(tx, id)
  const items = await listItemsOfOrder(tx, record)
  // Who pays reads it.
  const reader = record.billingToId
  const parties = await partiesOf(tx, { ...record, orderId: id }, { reader, speak })
  const { language } = parties
  // Licences are lines of one each; they are told together.
  const byName = Map.groupBy(items, ({ name }) => name)
  const told = [...byName].map(
    ([name, lines]) => `${lines.reduce((sum, { quantity }) => sum + quantity, 0)} × ${name}`,
  )
  const more = told.length - LINES_TOLD
  const order = {
    number: record.number,
    reference: record.reference,
    placedOn: dayText(record.createdAt, language, seller.timeZone),
    summary: [...told.slice(0, LINES_TOLD), ...(more > 0 ? [`… (+${more})`] : [])].join(', '),
    total: amountText(record.total, language),
    link: `${app.settings.publicUrl}/orders/${id}`,
  }
  return { ...parties, values: { ...parties.values, order } }
}

async function invoiceValues(
  tx: Tx,
  app: Pick<App, 'settings' | 'now'>,
  id: InvoiceId,
  speak: Speak,
): Promise<Found> {
  const record = await loadInvoice(tx, id)
  const receivable = await findReceivable(tx, id)
  const language = await speak((await loadAccount(tx, record.billingToId)).language)
  const credited = record.creditsInvoiceId ? await loadInvoice(tx, record.creditsInvoiceId) : undefined
  const day = (date: Temporal.PlainDate | undefined) =>
    date?.toLocaleString(language, { dateStyle: 'long' }) ?? ''
  const { dueDate } = record
  const late = dueDate
    ? dueDate.until(dayOf(app.now(), record.seller.timeZone), { largestUnit: 'day' }).days
    : 0
  const open = receivable?.open ?? record.total
  const inBoth = (amount: Money, other: Money | undefined) =>
    other ? `${amountText(other, language)} (${amountText(amount, language)})` : amountText(amount, language)
  const invoice = {
    number: record.number ?? '',
    reference: record.reference,
    issuedOn: day(record.issueDate),
    dueOn: record.kind === 'invoice' ? day(dueDate) : '',
    total: inBoth(record.total, receivable?.transaction?.total),
    open: inBoth(open, receivable?.transaction?.open),
    isPaid: open.amountMinor === 0n ? 'yes' : '',
    daysOverdue: late > 0 ? String(late) : '',
    daysLeft: late < 0 ? String(-late) : '',
    link: `${app.settings.publicUrl}/invoices/${id}`,
  }
  return {
    companies: [record.billingToId, record.endCustomerId],
    language,
    values: {
      customer: { name: record.buyer.name, contactName: record.buyer.contact },
      endCustomer: { name: record.endCustomer.name },
      order: { number: record.orderNumber },
      invoice,
      credited: { number: credited?.number ?? '' },
    },
  }
}
