import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { viewDashboard } from '#views/setup/dashboard.ts'
import { staffIn } from './auth.ts'
import type { Api } from './fastify.ts'

const Dashboard = z
  .object({
    failedLicences: z.int(),
    awaitingKeys: z.int(),
    troubledSubscriptions: z.int().describe('Could not be set up, or have no price for their next term.'),
    renewalsSoon: z.int().describe('Renew within 30 days.'),
    cancellationRequests: z.int(),
    waitingOrders: z.int().describe('Submitted and not executed.'),
    heldOrders: z.int().describe('Submitted, and held back for a reason.'),
    failedMails: z.int(),
    expiringCertificates: z.int(),
    ordersToday: z.int(),
  })
  .meta({ id: 'Dashboard' })

export function dashboardRoutes(api: Api, app: App): void {
  api.get(
    '/dashboard',
    {
      schema: {
        tags: ['Setup'],
        summary: 'What needs a hand',
        description: 'For the seller: how much waits for somebody, and what today brought.',
        response: { 200: Dashboard },
      },
    },
    async (request) => viewDashboard(app.db, await staffIn(request), { now: app.now() }),
  )
}
