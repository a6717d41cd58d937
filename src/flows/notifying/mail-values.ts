// What a mail says is read from the records at the moment it is sent, so that no key ever lies in the mail log.
import { countryName } from '#kernel/countries.ts'
import { loadAccount, loadAccounts } from '#modules/accounts'
import { findSealedKey, loadAsset, openKey } from '#modules/assets'
import { type LegalEntity, loadLegalEntity } from '#modules/invoicing'
import type { Mail, MailLook, NotificationValues } from '#modules/notifications'
import { loadOrder } from '#modules/orders'
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
  return { name: seller.name, email: seller.email, phone: seller.phone }
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

/** All values a mail may use, with its language. `showKey: false` gives the mask instead of the key, for logs and previews. */
export async function mailValues(
  tx: Tx,
  app: Pick<App, 'secrets'>,
  mail: Pick<Mail, 'assetId' | 'accountId' | 'variables'> & { readonly secret?: string | undefined },
  options: { readonly showKey: boolean },
): Promise<{ values: NotificationValues; look: MailLook }> {
  const seller = await loadLegalEntity(tx)
  const values: Values = { seller: sellerValues(seller) }
  let language = 'en'
  if (mail.assetId) {
    const asset = await loadAsset(tx, mail.assetId)
    const order = await loadOrder(tx, asset.orderId)
    const parties = await loadAccounts(tx, [asset.endCustomerId, asset.billingToId])
    const customer = parties.find((account) => account.id === asset.endCustomerId)
    const payer = parties.find((account) => account.id === asset.billingToId)
    language = customer?.language ?? language
    values['customer'] = {
      name: customer?.name ?? '',
      contactName: [customer?.contactFirstName, customer?.contactLastName].filter(Boolean).join(' '),
    }
    values['reseller'] = { name: payer && payer.id !== customer?.id ? payer.name : '' }
    values['order'] = { number: order.number }
    const sealed = await findSealedKey(tx, asset.id)
    const opened = sealed ? openKey(app.secrets, sealed) : undefined
    values['licence'] = {
      number: asset.number,
      product: asset.name,
      key: options.showKey ? (opened?.key ?? '') : (asset.keyMask ?? ''),
      activationLink: options.showKey
        ? (opened?.activationLink ?? '')
        : opened?.activationLink
          ? new URL(opened.activationLink).origin
          : '',
      downloadLink: asset.downloadLink ?? '',
      downloadExpires: dayText(asset.downloadExpiresAt, language, seller.timeZone),
    }
  } else if (mail.accountId) {
    language = (await loadAccount(tx, mail.accountId)).language
  }
  for (const [name, value] of Object.entries(mail.variables))
    values[name] =
      typeof value === 'object' && value !== null ? (value as Record<string, string>) : String(value)
  if (mail.secret) values['resetLink'] = mail.secret
  // A moment is kept as it is and told in the reader's words.
  const { expires } = mail.variables
  if (typeof expires === 'string')
    values['expires'] = momentText(Temporal.Instant.from(expires), language, seller.timeZone)
  return { values, look: mailLook(seller, language) }
}
