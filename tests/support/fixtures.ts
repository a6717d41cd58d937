// A small shop for tests that need no emulator: a seller in Germany, two resellers with a customer each, one direct customer, and
// one product whose keys come from a pool. Made through the flows its people would use.
//
// Prices: 119.00 EUR, cost 99.00. VAT: 19 % in Germany.
import { microsoftEsd } from '#connectors/microsoft-esd'
import { createAccount } from '#flows/accounts/create-account.ts'
import type { App } from '#flows/app.ts'
import { activateInstance } from '#flows/catalogue/activate-instance.ts'
import { createPoolProduct } from '#flows/catalogue/create-pool-product.ts'
import { publishProduct } from '#flows/catalogue/publish-product.ts'
import { saveInstance } from '#flows/catalogue/save-instance.ts'
import { setPrices } from '#flows/catalogue/set-prices.ts'
import { uploadPoolKeys } from '#flows/catalogue/upload-pool-keys.ts'
import { allJobs } from '#flows/jobs.ts'
import { rowActions } from '#flows/lists/row-actions.ts'
import { createApiKey } from '#flows/users/api-keys.ts'
import { createUser } from '#flows/users/manage-users.ts'
import { type AccountId, newId, type PlanId, type ProductId } from '#kernel/ids.ts'
import type { Account } from '#modules/accounts'
import { noConnection } from '#modules/instances'
import { insertLegalEntity } from '#modules/invoicing'
import { saveTaxRate } from '#modules/pricing'
import { actorWith, type Portal, type Role, type Staff, system } from '#modules/users'
import { type Database, openDatabase, sellerScope, transaction } from '#platform/db.ts'
import { workToRest } from '#platform/jobs.ts'
import { openLog } from '#platform/log.ts'
import { openSecrets } from '#platform/secrets.ts'
import { bulkSource } from '#views/lists/bulk-source.ts'
import { exportSource } from '#views/lists/export-source.ts'
import { testDatabase } from './database.ts'

export const SHOP_URL = 'http://shop.example'
export const SHOP_PASSWORD = 'Correct-horse-7'

/** Somebody with an API key. */
export type Caller<Who> = { readonly actor: Who; readonly key: string; readonly email: string }
export type Buyer = Caller<Portal> & { readonly account: Account }
export type Reseller = Buyer & { readonly customer: Account }

export type Shop = {
  readonly app: App & { readonly db: Database }
  readonly north: Reseller
  readonly south: Reseller
  readonly direct: Buyer
  readonly administrator: Caller<Staff>
  readonly manager: Caller<Staff>
  /** Sees, and may change nothing; nor see costs. */
  readonly support: Caller<Staff>
  readonly productId: ProductId
  readonly planId: PlanId
  /** For programs that are started beside it. */
  readonly databaseUrl: string
  /** Does every job that is due, and those they cause. */
  run(): Promise<number>
  advance(duration: Temporal.DurationLike): void
  close(): Promise<void>
}

const KEYS = 60

/** `keys`: how many the pool holds. */
export async function openShop({ keys = KEYS }: { keys?: number } = {}): Promise<Shop> {
  const database = await testDatabase()
  const db = openDatabase({ ...database.options, max: 12 })
  let offset = Temporal.Duration.from({ seconds: 0 })
  const now = () => Temporal.Now.instant().add(offset)
  const app = {
    db,
    now,
    log: openLog({ level: 'silent', name: 'test' }),
    secrets: openSecrets(new Uint8Array(32).fill(7)),
    mailer: {
      send: async () => ({ outcome: 'accepted' as const, response: '250 taken' }),
      verify: async () => {},
      close: () => {},
    },
    connectors: [microsoftEsd({ timeoutMs: 1000, now })],
    bulkSource,
    exportSource,
    rowActions,
    settings: {
      publicUrl: SHOP_URL,
      vendorTimeoutMs: 1000,
      vendorBackoffMs: [10, 10, 10, 10],
      settleWithinMinutes: 10,
      webhooksMayBePrivate: true,
    },
  } as unknown as Shop['app']

  await seller(app)
  const people = {
    administrator: await person<Staff>(app, 'Marit', ['administrator']),
    manager: await person<Staff>(app, 'Henrik', ['account-manager']),
    support: await person<Staff>(app, 'Sanna', ['support']),
    north: await reseller(app, 'North'),
    south: await reseller(app, 'South'),
    direct: await buyer(app, 'Direct', 'customer'),
  }
  const product = await poolProduct(app, keys)
  return {
    app,
    ...people,
    ...product,
    databaseUrl: database.url,
    run: () => workToRest(app, db, allJobs, now),
    advance: (duration) => {
      offset = offset.add(duration)
    },
    async close() {
      await db.close()
      await database.drop()
    },
  }
}

const maker = system('fixtures')

/** The company that sells. */
export const sellersCompany = {
  name: 'Seller GmbH',
  addressLine1: 'Hauptstraße 1',
  addressLine2: '',
  postalCode: '10117',
  city: 'Berlin',
  country: 'DE',
  vatNumber: 'DE811907980',
  registration: 'HRB 1',
  bankName: 'Bank',
  iban: 'DE89370400440532013000',
  bic: 'COBADEFFXXX',
  email: 'orders@seller.example',
  phone: '',
  website: '',
  brandColor: '#2451c7',
  logoSvg: '',
  timeZone: 'Europe/Berlin',
  paymentDays: 30,
}

async function seller(app: App): Promise<void> {
  await transaction(app.db, sellerScope, async (tx) => {
    await insertLegalEntity(
      tx,
      { id: newId<AccountId>(), ...sellersCompany },
      { invoice: 'INV-{number}', credit: 'CRN-{number}' },
    )
    await saveTaxRate(tx, {
      country: 'DE',
      validFrom: Temporal.PlainDate.from('2020-01-01'),
      basisPoints: 1900,
    })
  })
}

async function person<Who>(app: App, name: string, roles: Role[], account?: Account): Promise<Caller<Who>> {
  const email = `${name.toLowerCase()}@${account ? `${account.name.toLowerCase()}.example` : 'seller.example'}`
  const user = await createUser(app, maker, {
    email,
    name,
    roles,
    accountId: account?.id,
    password: SHOP_PASSWORD,
  })
  const bearer = { id: user.id, name: user.name, accountId: user.accountId ?? null, roles: user.roles }
  const actor = actorWith(bearer, account?.kind ?? null)
  const { token } = await createApiKey(app, actor, { name: 'tests' })
  return { actor: actor as Who, key: token, email }
}

/** A company in Germany, `anna@name.example` its contact. */
export function company(
  app: App,
  name: string,
  kind: Account['kind'],
  parentId?: AccountId,
): Promise<Account> {
  const email = `anna@${name.toLowerCase().replace(/[^a-z]+/g, '-')}.example`
  const address = { addressLine1: 'Unter den Linden 1', city: 'Berlin', postalCode: '10117', country: 'DE' }
  const details = {
    name,
    email,
    contactFirstName: 'Anna',
    contactLastName: 'Schmidt',
    currency: 'EUR',
    ...address,
  }
  return createAccount(app, maker, { kind, parentId, details })
}

async function buyer(app: App, name: string, kind: Account['kind']): Promise<Buyer> {
  const account = await company(app, name, kind)
  return { account, ...(await person<Portal>(app, 'Ada', ['admin'], account)) }
}

async function reseller(app: App, name: string): Promise<Reseller> {
  const owner = await buyer(app, name, 'reseller')
  return { ...owner, customer: await company(app, `${name} customer`, 'customer', owner.account.id) }
}

async function poolProduct(app: App, keys: number): Promise<{ productId: ProductId; planId: PlanId }> {
  const instance = await saveInstance(app, maker, {
    id: undefined,
    connector: 'microsoft-esd',
    keySource: 'pool',
    systemName: 'Own pool',
    connection: noConnection,
    market: { country: 'DE', language: 'de-DE', currency: 'EUR' },
  })
  await activateInstance(app, maker, { instanceId: instance.id })
  const { productId, planId } = await createPoolProduct(app, maker, {
    instanceId: instance.id,
    sku: 'POOL-1',
    name: 'Backup Desktop',
    description: 'Backs up one PC.',
    isReturnable: true,
  })
  const price = {
    planId,
    currency: 'EUR',
    unitPrice: '119.00',
    unitCost: '99.00',
    allowsZero: false,
    allowsBelowCost: false,
  }
  await setPrices(app, maker, { productId, prices: [price] })
  await publishProduct(app, maker, { productId })
  const rows = Array.from(
    { length: keys },
    (_, n) => `${poolKey(n)},https://activate.example/?token=secret-${n}`,
  )
  await uploadPoolKeys(app, maker, {
    planId,
    file: Buffer.from(['key,activation_link', ...rows].join('\n')),
    fileName: 'keys.csv',
  })
  return { productId, planId }
}

/** The n-th key of the pool, as it was uploaded. */
export function poolKey(n: number): string {
  const part = n.toString().padStart(5, '0')
  return `AAAAA-BBBBB-CCCCC-DDDDD-${part}`
}
