// How both apps are built. What is written `#…` is the server's: it stays outside the server bundle, so that Node
// loads it once and `instanceof` and contexts agree with the rest of the process; it must never reach a browser.
// `#web/ui/…` (the kit) and `#web/….tsx` are the pages' own and are bundled.
import { fileURLToPath } from 'node:url'
import { reactRouter } from '@react-router/dev/vite'
import tailwindcss from '@tailwindcss/vite'
import type { Plugin, UserConfig } from 'vite'

/** `folder` is the app's own (`import.meta.url` of its vite.config.ts), `base` where its assets are served. */
export function webApp(options: { folder: string; base: string }): UserConfig {
  return {
    root: fileURLToPath(new URL('./', options.folder)),
    base: options.base,
    publicDir: false,
    logLevel: 'warn',
    // Thousands of small files of which the pages need a few: loaded by Node, they would cost the web process 80 MB.
    ssr: { noExternal: ['lucide-react', /^@base-ui\//, /^@floating-ui\//, /^use-sync-external-store/] },
    plugins: [serverStaysOutside(), tailwindcss(), reactRouter()],
    build: {
      // The browsers that know light-dark() and :has(); older ones would get a long-winded imitation.
      target: ['chrome123', 'firefox120', 'safari17.5'],
      // A data: URL would need a hole in the content security policy.
      assetsInlineLimit: 0,
      // Not `assets`: that is a page of the back office.
      assetsDir: 'static',
      reportCompressedSize: false,
      emptyOutDir: true,
    },
  }
}

function serverStaysOutside(): Plugin {
  return {
    name: 'server-stays-outside',
    enforce: 'pre',
    resolveId(id, importer) {
      if (!id.startsWith('#') || id.startsWith('#web/ui/') || /^#web\/.+\.tsx$/.test(id)) return null
      if (this.environment.name !== 'client') return { id, external: true }
      this.error(
        `${importer} would send ${id} to the browser. Import it only for loader, action and types (\`import type\`).`,
      )
    },
  }
}
