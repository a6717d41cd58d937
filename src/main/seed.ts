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
import { invariant, Outage } from '#kernel/failure.ts'
import { type AccountId, type InstanceId, newId } from '#kernel/ids.ts'
import { listPlansOfInstance, listPlansOfProduct, listProductsByCode } from '#modules/catalogue'
import { type Instance, listInstances, noConnection } from '#modules/instances'
import { insertLegalEntity } from '#modules/invoicing'
import { saveTaxRate, standardRates } from '#modules/pricing'
import { actorWith, findUserByEmail, type Role, system, type User } from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { compose } from './compose.ts'
import { writeAtomically } from './ports.ts'
import type { SeedDemonstration } from './prepare.ts'
import {
  accounts,
  type DemoAccount,
  PASSWORD,
  people,
  products,
  seller,
  softwareCustomers,
} from './seed-data.ts'
import { followPartnerCenter, seedSoftware } from './seed-software.ts'

const seeder = system('demonstration')
const ESD = 'microsoft-esd'
const noConsent = { allowsZero: false, allowsBelowCost: false }

export const seedDemonstration: SeedDemonstration = async ({ config, emulators, log }) => {
  const emulator = emulators['microsoft-esd']
  const partnerCenter = emulators['partner-center']
  const { app, close } = await compose(config, 'seed', 4)
  try {
    if (emulator) await followEmulator(app, emulator)
    if (partnerCenter) await followPartnerCenter(app, partnerCenter)
    // The administrator comes last: who sees one knows that the rest is there, and may have been changed since.
    const isFull = await userWith(app, people[0]?.email ?? '')
    if (isFull && fs.existsSync(path.join(config.dataDir, 'demo.json'))) return
    if (!emulator) {
      log('The demonstration needs the emulator of the vendor; the database stays empty.')
      return
    }
    if (!isFull) {
      log('Filling the database with the demonstration company')
      await seedSeller(app)
      log('  its licences and key pool')
      await seedCatalogue(app, emulator)
      await seedPool(app)
      log('  its resellers and customers')
      const ids = await seedAccounts(app, [...accounts, ...(partnerCenter ? softwareCustomers : [])])
      if (partnerCenter) {
        log('  price sheets and what is sold from them')
        await seedSoftware(app, partnerCenter, ids)
      }
      log('  people who sign in')
      await seedPeople(app, ids)
    }
    await writeLogins(app, config.dataDir)
  } finally {
    await close()
  }
}

async function seedSeller(app: App): Promise<void> {
  await transaction(app.db, sellerScope, async (tx) => {
    if (await tx.maybe`select 1 from legal_entity`) return
    await insertLegalEntity(
      tx,
      { id: newId<AccountId>(), ...seller },
      { invoice: 'INV-{year}-{number}', credit: 'CRN-{year}-{number}' },
    )
    for (const [country, validFrom, basisPoints] of standardRates)
      await saveTaxRate(tx, { country, validFrom: Temporal.PlainDate.from(validFrom), basisPoints })
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

type Emulator = { readonly service: string; readonly control: string }

const instanceNameOf = (country: string) => `Microsoft ESD ${countryNames[country] ?? country}`

/** The emulator may listen elsewhere than last time; our own instances of it go along. */
async function followEmulator(app: App, emulator: Emulator): Promise<void> {
  const seeded = Object.keys(countryNames).map(instanceNameOf)
  const instances = await reading(app.db, sellerScope, (sql) => listInstances(sql, ESD))
  for (const instance of instances) {
    const { connection, systemName } = instance
    const isOnThisMachine = connection.serviceUrl.startsWith('http://127.0.0.1:')
    if (!seeded.includes(systemName) || !isOnThisMachine || connection.serviceUrl === emulator.service)
      continue
    await saveInstance(app, seeder, {
      ...instance,
      connection: { ...connection, serviceUrl: emulator.service, authorityUrl: emulator.service },
    })
  }
}

async function seedCatalogue(app: App, emulator: Emulator): Promise<void> {
  const given = (await (await fetch(`${emulator.control}/instances`)).json()) as EmulatedInstance[]
  for (const each of given) {
    const instance = await seedInstance(app, emulator, each)
    if (await hasPlans(app, instance.id)) continue
    const run = await startCatalogueRun(app, seeder, { instanceId: instance.id })
    await syncCatalogue.run(app, { runId: run.id, attempt: 0 }, { id: '', retries: 0, isLastTry: false })
    if (!(await hasPlans(app, instance.id)))
      throw new Outage(`The catalogue of ${instance.systemName} could not be fetched: start again.`)
  }
  await seedProducts(app)
}

async function seedInstance(app: App, emulator: Emulator, given: EmulatedInstance): Promise<Instance> {
  const systemName = instanceNameOf(given.country)
  const found = await instanceNamed(app, systemName)
  if (found?.state === 'active') return found
  const instance =
    found ??
    (await saveInstance(app, seeder, {
      id: undefined,
      connector: ESD,
      keySource: 'vendor',
      systemName,
      connection: {
        serviceUrl: emulator.service,
        resourceApi: 'https://esd.example/production',
        authorityUrl: emulator.service,
        tenant: given.tenant,
        channelId: given.channelId,
        clientId: given.clientId,
      },
      market: undefined,
    }))
  await uploadCertificate(app, seeder, {
    instanceId: instance.id,
    pfx: Buffer.from(given.pfxBase64, 'base64'),
    password: given.pfxPassword,
  })
  await saveInstance(app, seeder, {
    ...instance,
    market: { country: given.country, language: given.language, currency: given.currency },
  })
  return activateInstance(app, seeder, { instanceId: instance.id })
}

async function instanceNamed(app: App, systemName: string): Promise<Instance | undefined> {
  const instances = await reading(app.db, sellerScope, (sql) => listInstances(sql, ESD))
  return instances.find((each) => each.systemName === systemName)
}

async function hasPlans(app: App, instanceId: InstanceId): Promise<boolean> {
  const plans = await reading(app.db, sellerScope, (sql) => listPlansOfInstance(sql, instanceId))
  return plans.length > 0
}

async function seedProducts(app: App): Promise<void> {
  for (const product of products) {
    const [found] = await reading(app.db, sellerScope, (sql) => listProductsByCode(sql, ESD, [product.sku]))
    invariant(found, `the emulator's catalogue has ${product.sku}`)
    if (found.isPublished && found.isFeatured === (product.isFeatured ?? false)) continue
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
  const instance =
    (await instanceNamed(app, systemName)) ??
    (await saveInstance(app, seeder, {
      id: undefined,
      connector: ESD,
      keySource: 'pool',
      systemName,
      connection: noConnection,
      market: { country: 'DE', language: 'de-DE', currency: 'EUR' },
    }))
  if (instance.state !== 'active') await activateInstance(app, seeder, { instanceId: instance.id })
  const [known] = await reading(app.db, sellerScope, (sql) => listPlansOfInstance(sql, instance.id))
  const { productId, planId } = known
    ? { productId: known.productId, planId: known.id }
    : await createPoolProduct(app, seeder, {
        instanceId: instance.id,
        sku: 'NL-BACKUP-1',
        name: 'Nordlicht Backup Desktop',
        description: 'Backs up one PC, for one year.',
        isReturnable: true,
      })
  await setPrices(app, seeder, {
    productId,
    prices: [{ planId, currency: 'EUR', unitPrice: '39.00', unitCost: '21.00', ...noConsent }],
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

async function seedAccounts(app: App, wanted: readonly DemoAccount[]): Promise<Map<string, AccountId>> {
  const ids = new Map<string, AccountId>()
  for (const account of wanted) {
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

/** The administrator, first in the list, comes last. */
async function seedPeople(app: App, ids: ReadonlyMap<string, AccountId>): Promise<void> {
  for (const person of people.toReversed()) {
    if (await userWith(app, person.email)) continue
    await createUser(app, seeder, {
      email: person.email,
      name: person.name,
      roles: person.roles as Role[],
      accountId: person.account ? ids.get(person.account) : undefined,
      password: PASSWORD,
    })
  }
}

/** With an API key of its own: one that a kill kept from being written down cannot be had again. */
async function writeLogins(app: App, dataDir: string): Promise<void> {
  const user = await userWith(app, people[0]?.email ?? '')
  invariant(user, 'the administrator is there')
  const actor = actorWith({ id: user.id, name: user.name, accountId: null, roles: user.roles }, null)
  const { token: apiKey } = await createApiKey(app, actor, { name: 'Demonstration' })
  const logins = people.map(({ role, email }) => ({ role, email, password: PASSWORD }))
  writeAtomically(path.join(dataDir, 'demo.json'), { logins, apiKey })
}

function userWith(app: App, email: string): Promise<User | undefined> {
  return reading(app.db, sellerScope, (sql) => findUserByEmail(sql, email))
}
