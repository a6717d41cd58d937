// A product whose keys the seller uploads: made by hand, because a pool has no catalogue.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { type InstanceId, newId, type PlanId, type ProductId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import { insertPlans, insertProducts, listProductsByCode, newProduct } from '#modules/catalogue'
import { lockInstance } from '#modules/instances'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export type PoolProductInput = {
  readonly instanceId: InstanceId
  readonly sku: string
  readonly name: string
  readonly description: string
  readonly isReturnable: boolean
}

export async function createPoolProduct(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: PoolProductInput,
): Promise<{ productId: ProductId; planId: PlanId }> {
  assertMay(actor, 'manage-catalogue')
  const sku = input.sku.trim()
  const name = input.name.trim()
  const faults: FieldFault[] = []
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/.test(sku))
    faults.push({
      pointer: '/sku',
      code: 'malformed',
      message: 'The SKU is 1 to 50 letters, digits, dots or dashes.',
    })
  if (name === '' || name.length > 200)
    faults.push({
      pointer: '/name',
      code: 'required',
      message: 'The product needs a name of at most 200 characters.',
    })
  if (input.description.length > 20_000)
    faults.push({
      pointer: '/description',
      code: 'too-long',
      message: 'The description has at most 20000 characters.',
    })
  if (faults.length > 0) throw invalid(...faults)

  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const instance = await lockInstance(tx, input.instanceId)
    if (instance.keySource !== 'pool')
      throw new Refusal('instance/not-a-pool', "This instance's products come from the vendor's catalogue.")
    const { market } = instance
    if (!market)
      throw new Refusal('instance/incomplete', 'Choose country, language and currency of the instance first.')
    await insertProducts(tx, [
      newProduct(
        { connector: instance.connector, code: sku, name, description: input.description.trim() },
        at,
      ),
    ])
    const [product] = await listProductsByCode(tx, instance.connector, [sku])
    if (!product) throw new Refusal('product/not-found', 'This product does not exist.')
    const planId = newId<PlanId>()
    await insertPlans(tx, [
      {
        id: planId,
        productId: product.id,
        instanceId: instance.id,
        sku,
        vendorName: name,
        vendorDescription: input.description.trim(),
        upc: '',
        language: market.language,
        country: market.country,
        fulfilmentType: 'TokenAndLink',
        isReturnable: input.isReturnable,
        vendorState: 'active',
        software: undefined,
        minQuantity: 1,
        maxQuantity: 100,
        allowsZero: false,
        isWithheld: false,
        createdAt: at,
        updatedAt: at,
      },
    ])
    await recordAudit(tx, {
      at,
      actor,
      action: 'product/created',
      subjectType: 'product',
      subjectId: product.id,
      after: { sku, name, instanceId: instance.id, planId },
    })
    return { productId: product.id, planId }
  })
}
