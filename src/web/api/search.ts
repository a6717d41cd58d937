// One search over everything, as the field in the head of the back office has it.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { hitKinds, searchEverything } from '#views/search/search-everything.ts'
import { staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { Id } from './schemas.ts'

const Hit = z
  .object({
    kind: z
      .enum(hitKinds)
      .describe('`contact` and `user`: somebody of `accountId`, whom one talks to or who signs in.'),
    id: Id,
    title: z.string().describe('Its number or name.'),
    about: z.string().describe('What tells it from others.'),
    accountId: Id.nullable().describe('Of a contact or user: their account.'),
    isExact: z.boolean().describe('It is called exactly what was asked for.'),
  })
  .meta({ id: 'SearchHit' })

export function searchRoutes(api: Api, app: App): void {
  api.get(
    '/search',
    {
      schema: {
        tags: ['Search'],
        summary: 'Search everything',
        description:
          'For the seller. Accounts, their contacts, those who sign in for them, orders, subscriptions, licences, invoices and products, by number, name, e-mail (that of key delivery too), SKU, the last characters of a key or the whole key; at most five of each kind, exact ones first, and only what you may see. Less than two characters find nothing; inside names words are looked for from three on. To find all of one kind, search its list.',
        querystring: z.object({
          q: z
            .string()
            .max(200)
            .describe('What people would type.')
            .meta({ examples: ['ada@brightside.example'] }),
        }),
        response: { 200: z.object({ items: z.array(Hit) }).meta({ id: 'SearchHits' }) },
      },
    },
    async (request) => ({
      items: await searchEverything(app.db, await staffIn(request), {
        secrets: app.secrets,
        q: request.query.q,
      }),
    }),
  )
}
