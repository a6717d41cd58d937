// A real headless browser for pages: Chromium from the registry, which needs nothing of the system.

import { type Browser, chromium } from '@playwright/test'
import sparticuz from '@sparticuz/chromium'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function openBrowser(): Promise<Browser> {
  const executablePath = await (
    sparticuz as unknown as { executablePath(): Promise<string> }
  ).executablePath()
  return chromium.launch({ executablePath, args: flags })
}
