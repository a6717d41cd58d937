// A real headless browser for pages: Chromium from the registry, which needs nothing of the system.

import { type Browser, chromium } from '@playwright/test'
import sparticuz from '@sparticuz/chromium'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-software-rasterizer',
  // Pages are painted by a thread of the browser: a process of its own is ended by its watchdog where a busy machine lets it wait, and
  // then pages draw no more and nothing in them can be clicked.
  '--in-process-gpu',
  '--disable-gpu-watchdog',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where Chromium is; unpacks it where it is not yet. Not to be done by two processes at once: one would start what the other still writes. */
export function unpackBrowser(): Promise<string> {
  return (sparticuz as unknown as { executablePath(): Promise<string> }).executablePath()
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = await unpackBrowser()
  return chromium.launch({ executablePath, args: flags, ignoreDefaultArgs: ['--enable-unsafe-swiftshader'] })
}
