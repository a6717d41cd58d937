// The list of jobs says what each is about, by the number people know, and finds it by that number.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
})
after(async () => {
  await client.close()
  await shop.close()
})

test('a licence’s number finds the jobs and the mails of it, an order’s those of the order', async () => {
  const { key, account } = shop.direct
  const asks = async (method: 'GET' | 'POST' | 'PUT', path: string, body?: object, by = key) => {
    const answer = await client.ask(method, path, { key: by, ...(body && { body }) })
    assert.ok(answer.status < 300, answer.text)
    return answer.body
  }
  const basket = await asks('POST', '/baskets', {})
  await asks('POST', `/baskets/${basket.id}/items`, { planId: shop.planId, quantity: 1 })
  await asks('PUT', `/baskets/${basket.id}/service-details`, {
    accountId: account.id,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'keys@direct.example' },
  })
  const { orders } = await asks('POST', `/baskets/${basket.id}/checkout`)
  await shop.run()
  const order = await asks('GET', `/orders/${orders[0].id}`)
  const { number } = order.items[0].asset
  const jobs = async (q: string) => {
    const { items } = await asks('GET', `/jobs?q=${q}`, undefined, shop.administrator.key)
    return items
      .map(({ queue, record }: { queue: string; record: { type: string; name: string } }) =>
        [queue, record?.type, record?.name].join(' '),
      )
      .toSorted()
  }
  assert.deepEqual(await jobs(number.toLowerCase()), [
    `provision-licence asset ${number}`,
    `send-mail asset ${number}`,
  ])
  const ofOrder = await jobs(order.number)
  assert.ok(ofOrder.includes(`settle-order order ${order.number}`), ofOrder.join())
  assert.deepEqual(await jobs('LIC-999999'), [])
})
