import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import serveFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply, onRequestHookHandler, RouteHandlerMethod } from 'fastify'
import { prefersPage } from '../http/accept.js'
import { refuse, sendUnrouted } from '../http/error-responses.js'
import { searchOf } from '../http/request-target.js'
import type { ExplorerConfig } from './config.js'

/** The GraphiQL page, ready to serve. */
export interface Explorer {
  readonly html: string
  /** Files the page loads; their names change with their content. */
  readonly assetsFolder: string
}

export function isExplorerBuilt(folder: string = BUILT_PAGE): boolean {
  return existsSync(join(folder, PAGE))
}

/** @throws Error when the page has not been built into `folder` */
export function readExplorer(config: ExplorerConfig, folder: string = BUILT_PAGE): Explorer {
  if (!isExplorerBuilt(folder)) {
    throw new Error('GRAPHIQL=on, but its page is not built: run `npm run build`, or set GRAPHIQL=off.')
  }
  const [head, tail, ...rest] = readFileSync(join(folder, PAGE), 'utf8').split(CONFIG_SLOT)
  if (tail === undefined || rest.length > 0)
    throw new Error('Expected exactly one place for the configuration in the GraphiQL page.')
  return { html: `${head}${scriptData(config)}${tail}`, assetsFolder: join(folder, ASSETS_PATH) }
}

/** Serves the page to a `GET` that prefers HTML, or a 404 when the page is off. */
export function servePage(explorer: Explorer | undefined): onRequestHookHandler {
  return (request, reply, next) => {
    if (request.method !== 'GET' || !prefersPage(request.headers.accept)) return next()
    if (explorer === undefined) {
      refuse(reply, 404, 'There is no page here (GRAPHIQL=off). GraphQL responses are application/json.')
      return
    }
    // The page loads its assets relative to its own path, so a trailing slash would break every one of them.
    if (/^[^?]*\/(\?|$)/.test(request.url)) {
      reply.redirect(`../graphql${searchOf(request.url)}`)
      return
    }
    setPageHeaders(reply)
    reply.type('text/html; charset=utf-8').send(explorer.html)
  }
}

/** Redirects a browser at `/` to the page. */
export const redirectToPage: RouteHandlerMethod = (request, reply) => {
  reply.header('vary', 'Accept')
  if (!prefersPage(request.headers.accept)) return sendUnrouted(request, reply)
  return reply.redirect('graphql')
}

/** Serves the page's assets, listed once at the start: files added later are not served. */
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

/** Relative to the page, so that it also works behind a proxy that adds a path prefix. */
const ASSETS_PATH = 'explorer/assets'

/** The same folder whether this file runs from src/ or from dist/. */
const BUILT_PAGE = fileURLToPath(new URL('../../../dist/explorer', import.meta.url))

const PAGE = 'index.html'

const CONFIG_SLOT = '"{{config}}"'

/** Allows the page's own origin only, plus what Monaco needs: inline styles and data-URL fonts. */
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
    // A worker follows the policy of its own script, so the assets carry these headers too.
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
  })
}

/** JSON that cannot close the script element around it. */
function scriptData(config: ExplorerConfig): string {
  return JSON.stringify(config).replaceAll('<', '\\u003c')
}
