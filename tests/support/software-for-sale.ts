// The demonstration's software in a world: Partner Center's emulator with its price sheets in force and some of its products published,
// so that an order goes all the way to the vendor and back.
import { publishProduct } from '#flows/catalogue/publish-product.ts'
import type { ProductId } from '#kernel/ids.ts'
import { system } from '#modules/users'
import { reading, sellerScope } from '#platform/db.ts'
import { seedSheets } from '../../src/main/seed-software.ts'
import { startEmulator, type World } from './world.ts'

export type SoftwareForSale = {
  readonly products: ReadonlyMap<string, ProductId>
  /** Speaks to the emulator's control interface. */
  tell(method: string, path: string, body?: object): Promise<unknown>
  close(): void
}

/** `codes`: the vendor's ids of the products to publish. */
export async function sellSoftware(world: World, codes: readonly string[]): Promise<SoftwareForSale> {
  const emulator = await startEmulator<Parameters<typeof seedSheets>[1]>('partner-center', {
    PC_PORT: '0',
    PC_CONTROL_PORT: '0',
    PC_DATA: `${world.config.dataDir}/pc`,
  })
  const tell = async (method: string, where: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${emulator.addresses.control}${where}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return answer.json()
  }
  await tell('POST', '/settings', { provisioningSeconds: 0 })
  await seedSheets(world.app, emulator.addresses)
  const products = await productsOf(world, codes)
  for (const productId of products.values()) await publishProduct(world.app, system('tests'), { productId })
  return { products, tell, close: () => void emulator.process.kill('SIGKILL') }
}

/** Products appear by a job, soon after a sheet has come into force. */
async function productsOf(world: World, codes: readonly string[]): Promise<Map<string, ProductId>> {
  for (let patience = 60; patience > 0; patience -= 1) {
    const rows = await reading(
      world.app.db,
      sellerScope,
      (sql) => sql.many<{ code: string; id: ProductId }>`
        select code, id from product where connector = 'partner-center' and code = any (${[...codes]}::text[])`,
    )
    if (rows.length === codes.length) return new Map(rows.map(({ code, id }) => [code, id]))
    await world.run()
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`No products of ${codes.join(', ')} came from the price sheets`)
}
