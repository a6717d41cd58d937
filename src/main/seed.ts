// Fills an empty database with the demonstration company, through the same flows its people would use. What a kill interrupts is
// done again at the next start: each step looks whether it is done already.
import fs from 'node:fs'
import path from 'node:path'
import { createAccount } from '#flows/accounts/create-account.ts'
import type { App } from '#flows/app.ts'
import { activateInstance } from '#flows/catalogue/activate-instance.ts'
import { changeProduct } from '#flows/catalogue/change-product.ts'
import { createPoolProduct } from '#flows/catalogue/create-pool-product.ts'
import { publishProduct } from '#flows/catalogue/publish-product.ts'
import { saveInstance } from '#flows/catalogue/save-instance.ts'
import { setPrices } from '#flows/catalogue/set-prices.ts'
import { startCatalogueRun, syncCatalogue } from '#flows/catalogue/sync-catalogue.ts'
import { uploadCertificate } from '#flows/catalogue/upload-certificate.ts'
import { uploadPoolKeys } from '#flows/catalogue/upload-pool-keys.ts'
import { createApiKey } from '#flows/users/api-keys.ts'
import { createUser } from '#flows/users/manage-users.ts'
import { type AccountId, type InstanceId, newId, type PlanId } from '#kernel/ids.ts'
import { listPlansOfProduct, listProductsByCode } from '#modules/catalogue'
import { insertLegalEntity } from '#modules/invoicing'
import { defaultNotifications, insertNotifications } from '#modules/notifications'
import { saveTaxRate } from '#modules/pricing'
import { actorWith, type Role, system } from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { compose } from './compose.ts'
import type { SeedDemonstration } from './prepare.ts'
import { accounts, PASSWORD, people, products, seller, vatRates } from './seed-data.ts'

const seeder = system('demonstration')
const ESD = 'microsoft-esd'
const noConsent = { allowsZero: false, allowsBelowCost: false }

export const seedDemonstration: SeedDemonstration = async ({ config, emulator, log }) => {
  const { app, close } = await compose(config, 'seed', 4)
  try {
    await seedNotifications(app)
    const done = await reading(
      app.db,
      sellerScope,
      (sql) => sql.maybe`select 1 from app_user where email = ${people[0]?.email ?? ''}`,
    )
    if (done) return
    if (!emulator) {
      log('The demonstration needs the emulator of the vendor; the database stays empty.')
      return
    }
    log('Filling the database with the demonstration company')
    await seedSeller(app)
    await seedCatalogue(app, emulator)
    await seedPool(app)
    const ids = await seedAccounts(app)
    await seedPeople(app, ids, config.dataDir)
  } finally {
    await close()
  }
}

/** New kinds of notification arrive with a new version; wording that was edited stays. */
async function seedNotifications(app: App): Promise<void> {
  await transaction(app.db, sellerScope, (tx) =>
    insertNotifications(
      tx,
      defaultNotifications.map(({ template }) => template),
      app.now(),
    ),
  )
}

async function seedSeller(app: App): Promise<void> {
  await transaction(app.db, sellerScope, async (tx) => {
    if (await tx.maybe`select 1 from legal_entity`) return
    await insertLegalEntity(
      tx,
      { id: newId<AccountId>(), ...seller },
      { invoice: 'INV-2026-', credit: 'CRN-2026-' },
    )
    for (const [country, basisPoints] of Object.entries(vatRates))
      await saveTaxRate(tx, { country, validFrom: Temporal.PlainDate.from('2026-01-01'), basisPoints })
  })
}

type EmulatedInstance = {
  country: string
  language: string
  currency: string
  tenant: string
  channelId: string
  clientId: string
  pfxBase64: string
  pfxPassword: string
}

const countryNames: Readonly<Record<string, string>> = { DE: 'Germany', CH: 'Switzerland' }

async function seedCatalogue(app: App, emulator: { service: string; control: string }): Promise<void> {
  const given = (await (await fetch(`${emulator.control}/instances`)).json()) as EmulatedInstance[]
  for (const each of given) {
    const systemName = `Microsoft ESD ${countryNames[each.country] ?? each.country}`
    if (
      await reading(
        app.db,
        sellerScope,
        (sql) =>
          sql.maybe`select 1 from connector_instance where system_name = ${systemName} and state = 'active'`,
      )
    )
      continue
    const instance = await saveInstance(app, seeder, {
      id: undefined,
      connector: ESD,
      keySource: 'vendor',
      systemName,
      connection: {
        serviceUrl: emulator.service,
        resourceApi: 'https://esd.example/production',
        authorityUrl: emulator.service,
        tenant: each.tenant,
        channelId: each.channelId,
        clientId: each.clientId,
      },
      market: undefined,
    })
    await uploadCertificate(app, seeder, {
      instanceId: instance.id,
      pfx: Buffer.from(each.pfxBase64, 'base64'),
      password: each.pfxPassword,
    })
    await saveInstance(app, seeder, {
      ...instance,
      market: { country: each.country, language: each.language, currency: each.currency },
    })
    await activateInstance(app, seeder, { instanceId: instance.id })
    const run = await startCatalogueRun(app, seeder, { instanceId: instance.id })
    await syncCatalogue.run(app, { runId: run.id, attempt: 0 }, { id: '', retries: 0, isLastTry: false })
  }
  for (const product of products) {
    const [found] = await reading(app.db, sellerScope, (sql) => listProductsByCode(sql, ESD, [product.sku]))
    if (!found || found.isPublished) continue
    const plans = await reading(app.db, sellerScope, (sql) => listPlansOfProduct(sql, found.id))
    const prices = plans.flatMap((plan) =>
      (
        [
          ['EUR', product.eur],
          ['CHF', product.chf],
        ] as const
      ).map(([currency, [unitPrice, unitCost]]) => ({
        planId: plan.id,
        currency,
        unitPrice,
        unitCost,
        ...noConsent,
      })),
    )
    await setPrices(app, seeder, { productId: found.id, prices })
    await changeProduct(app, seeder, {
      productId: found.id,
      change: { name: product.name, summary: product.summary },
    })
    await publishProduct(app, seeder, { productId: found.id })
    if (product.isFeatured)
      await changeProduct(app, seeder, { productId: found.id, change: { isFeatured: true } })
  }
}

/** A product whose keys come from a pool the seller uploaded (E14). */
async function seedPool(app: App): Promise<void> {
  const systemName = 'Own key pool'
  if (
    await reading(
      app.db,
      sellerScope,
      (sql) => sql.maybe`select 1 from connector_instance where system_name = ${systemName}`,
    )
  )
    return
  const connection = {
    serviceUrl: '',
    resourceApi: '',
    authorityUrl: '',
    tenant: '',
    channelId: '',
    clientId: '',
  }
  const instance = await saveInstance(app, seeder, {
    id: undefined,
    connector: ESD,
    keySource: 'pool',
    systemName,
    connection,
    market: { country: 'DE', language: 'de-DE', currency: 'EUR' },
  })
  const instanceId = instance.id as InstanceId
  await activateInstance(app, seeder, { instanceId })
  const { productId, planId } = await createPoolProduct(app, seeder, {
    instanceId,
    sku: 'NL-BACKUP-1',
    name: 'Nordlicht Backup Desktop',
    description: 'Backs up one PC, for one year.',
    isReturnable: true,
  })
  await setPrices(app, seeder, {
    productId,
    prices: [
      { planId: planId as PlanId, currency: 'EUR', unitPrice: '39.00', unitCost: '21.00', ...noConsent },
    ],
  })
  await changeProduct(app, seeder, {
    productId,
    change: { summary: 'Backs up one PC, for one year. Keys from our own stock.' },
  })
  await publishProduct(app, seeder, { productId })
  const keys = Array.from(
    { length: 12 },
    (_, n) =>
      `NLBK${n % 10}-${String(10_000 + n * 7_919).slice(-5)}-DEMO${n % 7}-PK${100 + n}-${String(90_000 - n * 613)}`,
  )
  await uploadPoolKeys(app, seeder, {
    planId,
    file: Buffer.from(`key\n${keys.join('\n')}\n`),
    fileName: 'demonstration.csv',
  })
}

async function seedAccounts(app: App): Promise<Map<string, AccountId>> {
  const ids = new Map<string, AccountId>()
  for (const account of accounts) {
    const known = await reading(
      app.db,
      sellerScope,
      (sql) => sql.maybe<{ id: AccountId }>`select id from account where name = ${account.name}`,
    )
    const [addressLine1, postalCode, city] = account.address
    const made =
      known ??
      (await createAccount(app, seeder, {
        kind: account.kind,
        parentId: account.parent ? ids.get(account.parent) : undefined,
        details: {
          name: account.name,
          contactFirstName: account.contact[0],
          contactLastName: account.contact[1],
          email: account.email,
          phone: account.phone,
          addressLine1,
          addressLine2: '',
          postalCode,
          city,
          region: '',
          country: account.country,
          vatNumber: account.vatNumber ?? '',
          currency: account.currency,
          language: account.language,
        },
      }))
    ids.set(account.key, made.id)
  }
  return ids
}

/** The administrator comes last but for the addresses file: who sees it knows that the seeding was complete. */
async function seedPeople(app: App, ids: ReadonlyMap<string, AccountId>, dataDir: string): Promise<void> {
  const [administrator, ...others] = people
  let apiKey: string | undefined
  for (const person of [...others, ...(administrator ? [administrator] : [])]) {
    const known = await reading(
      app.db,
      sellerScope,
      (sql) => sql.maybe`select 1 from app_user where lower(email) = lower(${person.email})`,
    )
    if (known) continue
    const user = await createUser(app, seeder, {
      email: person.email,
      name: person.name,
      roles: person.roles as Role[],
      accountId: person.account ? ids.get(person.account) : undefined,
      password: PASSWORD,
    })
    if (person !== administrator) continue
    const actor = actorWith({ id: user.id, name: user.name, accountId: null, roles: user.roles }, null)
    apiKey = (await createApiKey(app, actor, { name: 'Demonstration' })).token
  }
  const logins = people.map(({ role, email }) => ({ role, email, password: PASSWORD }))
  fs.writeFileSync(path.join(dataDir, 'demo.json'), JSON.stringify({ logins, apiKey }, null, 2), {
    mode: 0o600,
  })
}
