import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { RECENT_MOST, recordKindNames } from '#modules/records'
import { viewRecentRecords } from '#views/records/recent-records.ts'
import { staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { Id, Moment, momentOf } from './schemas.ts'

const RecentRecord = z
  .object({
    recordType: z.enum(recordKindNames),
    recordId: Id,
    title: z.string().describe('Its number or name.'),
    about: z.string(),
    openedAt: Moment,
  })
  .meta({ id: 'RecentRecord', description: 'A record the asking person opened in the back office lately.' })

export function recentRecordRoutes(api: Api, app: App): void {
  api.get(
    '/me/recent-records',
    {
      schema: {
        tags: ['Me'],
        summary: 'List what you opened lately',
        description: `For the seller. The last ${RECENT_MOST} records whose pages you opened, the latest first, without what you may no longer see.`,
        response: {
          200: z.object({ items: z.array(RecentRecord) }).meta({ id: 'RecentRecords' }),
        },
      },
    },
    async (request) => {
      const records = await viewRecentRecords(app.db, await staffIn(request))
      return { items: records.map((record) => ({ ...record, openedAt: momentOf(record.openedAt) })) }
    },
  )
}
