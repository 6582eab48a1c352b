import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import serveFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply, onRequestHookHandler, RouteHandlerMethod } from 'fastify'
import { prefersPage } from './accept.js'
import type { ExplorerConfig } from './explorer-config.js'
import { searchOf } from './paths.js'
import { answerUnrouted, refuse } from './refusals.js'

/** The GraphiQL page, ready to be served. */
export interface Explorer {
  readonly html: string
  /** Everything the page loads, by names that change with their content. */
  readonly assetsFolder: string
}

export function isExplorerBuilt(folder: string = BUILT_PAGE): boolean {
  return existsSync(join(folder, PAGE))
}

/** @throws Error when the page was not built into `folder`. */
export function readExplorer(config: ExplorerConfig, folder: string = BUILT_PAGE): Explorer {
  if (!isExplorerBuilt(folder)) {
    throw new Error('GRAPHIQL=on, but its page is not built: run `npm run build`, or set GRAPHIQL=off.')
  }
  const [head, tail, ...rest] = readFileSync(join(folder, PAGE), 'utf8').split(CONFIG_SLOT)
  if (tail === undefined || rest.length > 0) throw new Error('The GraphiQL page has no single place for its settings.')
  return { html: `${head}${scriptData(config)}${tail}`, assetsFolder: join(folder, ASSETS_PATH) }
}

/** Gives `GET` the page where it is wanted more than an answer, or says that there is none. */
export function answeringPage(explorer: Explorer | undefined): onRequestHookHandler {
  return (request, reply, next) => {
    if (request.method !== 'GET' || !prefersPage(request.headers.accept)) return next()
    if (explorer === undefined) {
      refuse(reply, 404, 'There is no page here (GRAPHIQL=off); GraphQL is answered as application/json.')
      return
    }
    // The page finds its assets beside its own path; served one level deeper it would look for them there.
    if (/^[^?]*\/(\?|$)/.test(request.url)) {
      reply.redirect(`../graphql${searchOf(request.url)}`)
      return
    }
    setPageHeaders(reply)
    reply.type('text/html; charset=utf-8').send(explorer.html)
  }
}

/** Sends a browser that asks for nothing in particular to the page. */
export const redirectToPage: RouteHandlerMethod = (request, reply) => {
  reply.header('vary', 'Accept')
  if (!prefersPage(request.headers.accept)) return answerUnrouted(request, reply)
  return reply.redirect('graphql')
}

/** Serves what the page loads, by exact path: a file that was not there at the start is not there. */
export async function useExplorerAssets(scope: FastifyInstance, { assetsFolder }: Explorer): Promise<void> {
  scope.addHook('onRequest', (_request, reply, next) => {
    setPageHeaders(reply)
    next()
  })
  await scope.register(serveFiles, {
    root: assetsFolder,
    prefix: `/${ASSETS_PATH}/`,
    wildcard: false,
    index: false,
    decorateReply: false,
    maxAge: '365d',
    immutable: true,
  })
}

/** Below the page's own path, so that it also works behind a proxy that puts a prefix before both. */
const ASSETS_PATH = 'explorer/assets'

/** The same place seen from src/ and from dist/. */
const BUILT_PAGE = fileURLToPath(new URL('../../dist/explorer', import.meta.url))

const PAGE = 'index.html'

const CONFIG_SLOT = '"{{config}}"'

/** Its own files and its own origin, nothing else; Monaco writes style elements and inlines fonts. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function setPageHeaders(reply: FastifyReply): void {
  reply.headers({
    // Workers go by the policy of their own file, so the files carry it, too.
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
  })
}

/** JSON that cannot end the script element it stands in. */
function scriptData(config: ExplorerConfig): string {
  return JSON.stringify(config).replaceAll('<', '\\u003c')
}
