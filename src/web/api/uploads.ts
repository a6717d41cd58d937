// Files as bodies: a route says which types it takes and how large, and is given the bytes. Everything else stays JSON.
import type { Api } from './fastify.ts'

export type Upload = {
  readonly types: readonly string[]
  readonly mostBytes: number
  readonly description: string
  readonly example?: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is a file of one of these types. */
    upload?: Upload
  }
}

/** Adds routes whose bodies are files; they get a place of their own, where nothing but these types is read. */
export function withUploads(api: Api, upload: Upload, routes: (api: Api) => void): void {
  api.register(async (place) => {
    place.removeAllContentTypeParsers()
    const options = { parseAs: 'buffer', bodyLimit: upload.mostBytes } as const
    place.addContentTypeParser([...upload.types], options, (_request, bytes, done) => done(null, bytes))
    place.addHook('onRoute', (route) => {
      route.config = { ...route.config, upload }
    })
    routes(place as unknown as Api)
  })
}

/** No file at all is refused by what reads it: it is empty. */
export function bytesIn(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array()
}
