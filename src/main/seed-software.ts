// The software of the demonstration: the instance of Microsoft Partner Center, played by its emulator, and the price sheets of the markets
// its customers sit in.
import type { App } from '#flows/app.ts'
import { activateInstance } from '#flows/catalogue/activate-instance.ts'
import { saveInstance } from '#flows/catalogue/save-instance.ts'
import { activateSheet } from '#flows/price-sheets/activate-sheet.ts'
import { fetchSheet } from '#flows/price-sheets/fetch-sheets.ts'
import { invariant } from '#kernel/failure.ts'
import { type Instance, listInstances, noConnection } from '#modules/instances'
import { system } from '#modules/users'
import { reading, sellerScope } from '#platform/db.ts'
import type { EmulatorAddresses } from './emulators.ts'
import { sheetMarkets } from './seed-data.ts'

type Emulator = NonNullable<EmulatorAddresses['partner-center']>

const seeder = system('demonstration')
const CONNECTOR = 'partner-center'
const SYSTEM_NAME = 'Partner Center Europe'

export async function seedSoftware(app: App, emulator: Emulator): Promise<void> {
  const instance = await seedInstance(app, emulator)
  const month = app.now().toZonedDateTimeISO('UTC').toPlainDate().toPlainYearMonth().toString()
  for (const market of sheetMarkets) {
    const sheet = await fetchSheet(app, seeder, { instanceId: instance.id, market, view: 'software', month })
    invariant(sheet, `the emulator has a sheet of ${market}`)
    if (sheet.state === 'checked')
      await activateSheet(app, seeder, { id: sheet.id, leavingOut: sheet.faultCount })
  }
}

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
