import { Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { RelayEnvironmentProvider } from 'react-relay'
import { createEnvironment } from '../environment.js'
import { PaymentLinkList } from '../payment-link-list.js'

// The page's address says whose links are shown: `/?url=http://127.0.0.1:4000/graphql&accountId=01HZ…`.
const asked = new URLSearchParams(location.search)
const environment = createEnvironment({ url: asked.get('url') ?? 'http://127.0.0.1:4000/graphql' })

createRoot(document.querySelector('main') ?? document.body).render(
  <RelayEnvironmentProvider environment={environment}>
    <Suspense fallback="…">
      <PaymentLinkList accountId={asked.get('accountId') ?? ''} />
    </Suspense>
  </RelayEnvironmentProvider>,
)
