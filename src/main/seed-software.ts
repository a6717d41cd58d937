// The software of the demonstration: the instance of Microsoft Partner Center, played by its emulator, and the price sheets of the markets
// its customers sit in.

import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import type { App } from '#flows/app.ts'
import { activateInstance } from '#flows/catalogue/activate-instance.ts'
import { changeProduct } from '#flows/catalogue/change-product.ts'
import {
  changeProductGroup,
  createProductGroup,
  saveProductGroupText,
} from '#flows/catalogue/change-product-group.ts'
import { publishProduct } from '#flows/catalogue/publish-product.ts'
import { publishProductGroup, setGroupMembers } from '#flows/catalogue/publish-product-group.ts'
import { saveInstance } from '#flows/catalogue/save-instance.ts'
import { startCatalogueRun, syncCatalogue } from '#flows/catalogue/sync-catalogue.ts'
import { activateSheet } from '#flows/price-sheets/activate-sheet.ts'
import { fetchSheet } from '#flows/price-sheets/fetch-sheets.ts'
import { createConversionRule } from '#flows/pricing/manage-conversion-rules.ts'
import { addPriceListRule } from '#flows/pricing/manage-price-list-rules.ts'
import { createPriceList, givePriceList } from '#flows/pricing/manage-price-lists.ts'
import { createPromotion } from '#flows/pricing/manage-promotions.ts'
import { createVolumeDiscount } from '#flows/pricing/manage-volume-discounts.ts'
import { invariant } from '#kernel/failure.ts'
import type { AccountId, InstanceId, PlanId, ProductId } from '#kernel/ids.ts'
import type { SoftwareSku } from '#kernel/software-sku.ts'
import { periodsOf } from '#kernel/term.ts'
import { listPlansOfProduct, listProductsByCode } from '#modules/catalogue'
import { type Instance, listInstances, noConnection } from '#modules/instances'
import { listMarketsOfRules } from '#modules/pricing'
import { system } from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { listProductGroups } from '#views/catalogue/list-product-groups.ts'
import type { EmulatorAddresses } from './emulators.ts'
import { partnerIds, seller, serverGroup, sheetMarkets, software } from './seed-data.ts'

type Emulator = NonNullable<EmulatorAddresses['partner-center']>

const seeder = system('demonstration')
const CONNECTOR = 'partner-center'
const SYSTEM_NAME = 'Partner Center Europe'

export async function seedSoftware(
  app: App,
  emulator: Emulator,
  accountIds: ReadonlyMap<string, AccountId>,
): Promise<void> {
  await seedSheets(app, emulator)
  const today = app.now().toZonedDateTimeISO(seller.timeZone).toPlainDate()
  const productIds = await publishSoftware(app)
  await seedGroup(app)
  for (const [key, partnerId] of Object.entries(partnerIds)) {
    const accountId = accountIds.get(key)
    invariant(accountId, `the demonstration has the reseller ${key}`)
    await saveSyncOptions(app, seeder, { accountId, connector: CONNECTOR, values: { partnerId } })
  }
  // All of them or none, so that a start after a kill knows which.
  await transaction(app.db, sellerScope, (tx) =>
    seedPriceRules({ ...app, db: tx }, { today: today.toString(), productIds, accountIds }),
  )
}

/** The instance, the sheets of every market in force, and the products and plans they name. */
export async function seedSheets(app: App, emulator: Emulator): Promise<void> {
  const instance = await seedInstance(app, emulator)
  const month = app.now().toZonedDateTimeISO('UTC').toPlainDate().toPlainYearMonth().toString()
  for (const market of sheetMarkets) {
    const sheet = await fetchSheet(app, seeder, { instanceId: instance.id, market, view: 'software', month })
    invariant(sheet, `the emulator has a sheet of ${market}`)
    if (sheet.state === 'checked')
      await activateSheet(app, seeder, { id: sheet.id, leavingOut: sheet.faultCount })
  }
  await fetchPlans(app, instance.id)
}

/** The plans of the sheets, as the run that follows every activation makes them. */
async function fetchPlans(app: App, instanceId: InstanceId): Promise<void> {
  const run = await startCatalogueRun(app, seeder, { instanceId })
  await syncCatalogue.run(app, { runId: run.id, attempt: 0 }, { id: '', retries: 0, isLastTry: false })
}

/** Answers the products' ids by the vendor's code. */
async function publishSoftware(app: App): Promise<ReadonlyMap<string, ProductId>> {
  const codes = software.map(({ code }) => code)
  const known = await reading(app.db, sellerScope, (sql) => listProductsByCode(sql, CONNECTOR, codes))
  const ids = new Map(known.map(({ code, id }) => [code, id]))
  for (const { code, name, summary, isFeatured } of software) {
    const productId = ids.get(code)
    invariant(productId, `the sheets have ${code}`)
    await changeProduct(app, seeder, { productId, change: { name, summary } })
    await publishProduct(app, seeder, { productId })
    if (isFeatured) await changeProduct(app, seeder, { productId, change: { isFeatured } })
  }
  return ids
}

/** Servers and the rights to use them from one page, some of them sold nowhere else. */
async function seedGroup(app: App): Promise<void> {
  const { words, german, codes } = serverGroup
  await transaction(app.db, sellerScope, async (tx) => {
    if ((await listProductGroups(tx, seeder, { limit: 1 })).items.length > 0) return
    const products = await listProductsByCode(tx, CONNECTOR, codes)
    const planIds: PlanId[] = []
    for (const code of codes) {
      const product = products.find((each) => each.code === code)
      invariant(product, `the sheets have ${code}`)
      const plans = await listPlansOfProduct(tx, product.id)
      planIds.push(...plans.filter(({ software }) => software && isInAdvance(software)).map(({ id }) => id))
    }
    const inside = { ...app, db: tx }
    const { id: groupId } = await createProductGroup(inside, seeder, words)
    await setGroupMembers(inside, seeder, { groupId, planIds })
    await saveProductGroupText(inside, seeder, { groupId, text: { language: 'de', ...german } })
    await publishProductGroup(inside, seeder, { groupId })
    await changeProductGroup(inside, seeder, { groupId, change: { isFeatured: true } })
  })
}

const isInAdvance = ({ segment, term, billingPlan }: SoftwareSku) =>
  segment === 'commercial' && periodsOf(term, billingPlan) === 1

/** A partner's price list, a discount by quantity, a promotion, and a rate for a currency no sheet carries. */
async function seedPriceRules(
  app: App,
  given: {
    readonly today: string
    readonly productIds: ReadonlyMap<string, ProductId>
    readonly accountIds: ReadonlyMap<string, AccountId>
  },
): Promise<void> {
  const { today: validFrom, productIds, accountIds } = given
  const about = (code: string) => ({ kind: 'product', id: productIds.get(code) })
  const partner = accountIds.get('brightside')
  invariant(partner, 'the demonstration has a partner')
  if (await isPriced(app)) return
  const list = await createPriceList(app, seeder, {
    name: 'Partners',
    description: 'For resellers with a contract.',
    isDefault: false,
    validFrom,
  })
  for (const { code } of software)
    await addPriceListRule(app, seeder, {
      priceListId: list.id,
      scope: about(code),
      method: { kind: 'discount', percent: '4' },
      validFrom,
    })
  await givePriceList(app, seeder, { accountId: partner, priceListId: list.id })
  await createVolumeDiscount(app, seeder, {
    name: 'Access rights by quantity',
    scope: about('DG7GMGF0EM01'),
    mode: 'continuous',
    tiers: [
      { from: 10, percent: '2' },
      { from: 50, percent: '4' },
    ],
    validFrom,
  })
  await createPromotion(app, seeder, {
    name: 'Three years of servers',
    discount: { percent: '3' },
    recurrence: 'one-time',
    scopes: [about('DG7GMGF0EM03')],
    terms: ['P3Y'],
    newCustomersOnly: false,
    isCombinable: false,
    validFrom,
  })
  await createConversionRule(app, seeder, {
    currency: 'VES',
    baseCurrency: 'USD',
    rate: '36.5',
    validFrom,
    market: 'MX',
    overridesSheet: false,
    source: 'Demonstration',
    note: 'No sheet carries bolívares: Mexico’s prices in dollars, times this rate.',
  })
}

const isPriced = (app: App) =>
  reading(app.db, sellerScope, async (sql) => (await listMarketsOfRules(sql)).length > 0)

/** The emulator may listen elsewhere than last time; our own instance of it goes along. */
export async function followPartnerCenter(app: App, emulator: Emulator): Promise<void> {
  const instance = await seededInstance(app)
  const { commerce } = emulator.service
  const was = instance?.connection.serviceUrl
  if (!instance || !was?.startsWith('http://127.0.0.1:') || was === commerce) return
  await saveInstance(app, seeder, {
    ...instance,
    ...addressesOf(emulator, instance.connection),
    market: undefined,
  })
}

function addressesOf({ service }: Emulator, connection: Instance['connection']) {
  return {
    connection: { ...connection, serviceUrl: service.commerce, authorityUrl: service.login },
    more: {
      pricingUrl: service.pricing,
      pricingAudience: 'https://api.partner.microsoft.com',
      costTolerancePercent: '1',
    },
  }
}

async function seedInstance(app: App, emulator: Emulator): Promise<Instance> {
  const found = await seededInstance(app)
  if (found?.state === 'active') return found
  const access = (await (await fetch(`${emulator.control}/access`)).json()) as {
    tenantId: string
    clientId: string
    clientSecret: string
    refreshToken: string
  }
  const instance =
    found ??
    (await saveInstance(app, seeder, {
      id: undefined,
      connector: CONNECTOR,
      keySource: 'vendor',
      systemName: SYSTEM_NAME,
      ...addressesOf(emulator, {
        ...noConnection,
        resourceApi: 'https://api.partnercenter.microsoft.com',
        tenant: access.tenantId,
        clientId: access.clientId,
      }),
      secrets: { clientSecret: access.clientSecret, refreshToken: access.refreshToken },
      market: { country: 'DE', language: 'en-US', currency: 'EUR' },
    }))
  return activateInstance(app, seeder, { instanceId: instance.id })
}

async function seededInstance(app: App): Promise<Instance | undefined> {
  const instances = await reading(app.db, sellerScope, (sql) => listInstances(sql, CONNECTOR))
  return instances.find((each) => each.systemName === SYSTEM_NAME)
}
