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
import type { App } from '../app.ts'

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
      `VAT ${seller.vatNumber}`,
    ].filter(Boolean),
  }
}

/** All values a mail may use, with its language. `masked`: with the mask of a key, and of a link no more than where it leads, for logs and previews. */
export async function mailValues(
  tx: Tx,
  app: Pick<App, 'secrets' | 'settings' | 'now'>,
  mail: Pick<Mail, 'assetId' | 'accountId' | 'variables'> &
    Partial<Pick<Mail, 'subscriptionId' | 'userId' | 'orderId' | 'invoiceId'>> & {
      readonly secret?: string | undefined
    },
): Promise<{ values: NotificationValues; masked: NotificationValues; look: MailLook }> {
  const seller = await loadLegalEntity(tx)
  const values: Values = { seller: sellerValues(seller) }
  const mask: Values = {}
  let language = 'en'
  if (mail.assetId) {
    const found = await licenceValues(tx, app, mail.assetId, seller)
    language = found.language
    Object.assign(values, found.values)
    Object.assign(mask, found.mask)
  } else if (mail.subscriptionId) {
    const found = await subscriptionValues(tx, mail.subscriptionId, seller)
    language = found.language
    Object.assign(values, found.values)
  } else if (mail.invoiceId) {
    const found = await invoiceValues(tx, app, mail.invoiceId)
    language = found.language
    Object.assign(values, found.values)
  } else if (mail.orderId) {
    const found = await orderValues(tx, app, mail.orderId, seller)
    language = found.language
    Object.assign(values, found.values)
  } else if (mail.userId) {
    // To somebody by name: in their own language, whatever their company's is.
    language = (await findUser(tx, mail.userId))?.language ?? language
  } else if (mail.accountId) {
    const account = await loadAccount(tx, mail.accountId)
    language = account.language
    values['account'] = {
      number: account.number,
      name: account.name,
      contactName: [account.contactFirstName, account.contactLastName].filter(Boolean).join(' '),
      country: countryName(account.country, language),
    }
  }
  for (const [name, value] of Object.entries(mail.variables))
    values[name] =
      typeof value === 'object' && value !== null ? (value as Record<string, string>) : String(value)
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

/** Where a link leads, without what opens something there. */
const originOf = (link: string) => (link ? new URL(link).origin : '')

type TellsPayment = MoneyJson & { readonly receivedOn: string }

function paymentValues({ receivedOn, ...paid }: TellsPayment, language: string): Record<string, string> {
  return {
    amount: amountText(parseMoney(paid.amount, currency(paid.currency)), language),
    receivedOn: Temporal.PlainDate.from(receivedOn).toLocaleString(language, { dateStyle: 'long' }),
  }
}

type Found = { readonly language: string; readonly values: Values }

/** The companies and the order behind a record, as every mail about it names them. */
async function partiesOf(
  tx: Tx,
  record: { readonly orderId: OrderId; readonly endCustomerId: AccountId; readonly billingToId: AccountId },
): Promise<Found> {
  const order = await loadOrder(tx, record.orderId)
  const parties = await loadAccounts(tx, [record.endCustomerId, record.billingToId])
  const customer = parties.find((account) => account.id === record.endCustomerId)
  const payer = parties.find((account) => account.id === record.billingToId)
  return {
    language: customer?.language ?? 'en',
    values: {
      customer: {
        name: customer?.name ?? '',
        contactName: [customer?.contactFirstName, customer?.contactLastName].filter(Boolean).join(' '),
      },
      reseller: { name: payer && payer.id !== customer?.id ? payer.name : '' },
      order: { number: order.number },
    },
  }
}

async function licenceValues(
  tx: Tx,
  app: Pick<App, 'secrets'>,
  assetId: AssetId,
  seller: LegalEntity,
): Promise<Found & { readonly mask: Values }> {
  const asset = await loadAsset(tx, assetId)
  const { language, values } = await partiesOf(tx, asset)
  const sealed = await findSealedKey(tx, asset.id)
  const opened = sealed ? openKey(app.secrets, sealed) : undefined
  const link = opened?.activationLink ?? ''
  const licence = {
    number: asset.number,
    product: asset.name,
    key: opened?.key ?? '',
    activationLink: link,
    downloadLink: asset.downloadLink ?? '',
    downloadExpires: dayText(asset.downloadExpiresAt, language, seller.timeZone),
  }
  return {
    language,
    values: { ...values, licence },
    mask: { licence: { ...licence, key: asset.keyMask ?? '', activationLink: originOf(link) } },
  }
}

async function subscriptionValues(tx: Tx, id: SubscriptionId, seller: LegalEntity): Promise<Found> {
  const record = await loadSubscription(tx, id)
  const { language, values } = await partiesOf(tx, record)
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
  return { language, values: { ...values, subscription } }
}

const amountText = (amount: Money, language: string) =>
  new Intl.NumberFormat(language, { style: 'currency', currency: amount.currency }).format(
    moneyText(amount) as Intl.StringNumericLiteral,
  )

/** Of a long order the first lines, and how many more there are. */
const LINES_TOLD = 10

async function orderValues(
  tx: Tx,
  app: Pick<App, 'settings'>,
  id: OrderId,
  seller: LegalEntity,
): Promise<Found> {
  const record = await loadOrder(tx, id)
  const items = await listItemsOfOrder(tx, record)
  const { values } = await partiesOf(tx, { ...record, orderId: id })
  // Who pays reads it.
  const { language } = await loadAccount(tx, record.billingToId)
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
  return { language, values: { ...values, order } }
}

async function invoiceValues(tx: Tx, app: Pick<App, 'settings' | 'now'>, id: InvoiceId): Promise<Found> {
  const record = await loadInvoice(tx, id)
  const receivable = await findReceivable(tx, id)
  const { language } = await loadAccount(tx, record.billingToId)
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
