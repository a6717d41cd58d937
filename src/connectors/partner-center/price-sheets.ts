// Price sheets (price-sheets.md 1): another host, another audience, and never without a person's consent. The file is CSV or ZIP; which of
// them is told by its bytes, later, by whoever reads it.
import { randomUUID } from 'node:crypto'
import { Outage } from '#kernel/failure.ts'
import { type SheetAnswer, type SheetPlace, usualLimits } from '#modules/price-sheets'
import { download } from '#platform/outbound.ts'
import { type Api, SERVICE } from './api.ts'
import { reasonOf } from './reasons.ts'
import { errorCode, readJson, retryAfterMs } from './wire.ts'

export async function fetchSheet(api: Api, wanted: SheetPlace, path: string): Promise<SheetAnswer> {
  const { settings, session } = api
  const audience = settings.more['pricingAudience'] ?? ''
  const address = `${settings.more['pricingUrl']}/v1.0/sales/pricesheets(Market='${wanted.market}',PricesheetView='${wanted.view}')/$value?${timeline(api, wanted.month)}`
  const ask = async () => {
    const token = await session.token('app and user', audience)
    const response = await download(SERVICE, address, path, {
      timeoutMs: Math.max(api.timeoutMs, 60_000),
      mostBytes: usualLimits.mostBytes,
      headers: {
        authorization: `Bearer ${token}`,
        'client-request-id': randomUUID(),
        // Asks for the ZIP.
        'accept-encoding': 'deflate',
      },
    })
    if (response.status === 401) session.forget(token)
    return response
  }
  let response = await ask()
  if (response.status === 401) response = await ask()
  if (response.status === 200) return { outcome: 'fetched' }
  if (response.status === 404) return { outcome: 'none' }
  if (response.status === 429 || response.status === 408 || response.status >= 500)
    throw new Outage(`${SERVICE} gives no price sheet at the moment (${response.status}).`, {
      retryAfterMs: retryAfterMs(response, api.now()),
    })
  const code = errorCode(readJson(await response.text()))
  const known = reasonOf(response.status === 401 ? 'sign-in' : (code ?? 'unreadable'))
  return { outcome: 'refused', code: known.code, reason: known.reason }
}

/** The month that runs is the current sheet; another one is history. */
function timeline(api: Api, month: string): string {
  const running = api.now().toZonedDateTimeISO('UTC').toPlainDate().toPlainYearMonth().toString()
  return month === running ? 'timeline=current' : `timeline=history&month=${month.replace('-', '')}`
}
