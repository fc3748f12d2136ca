import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'
import { withoutEmptyHeaders } from '../build/empty-headers.mjs'
import { HOME } from '../build/root.mjs'
import { slugOf } from '../build/slug.mjs'

// Written beside the pages by `npm run docs`.
const sidebar = JSON.parse(readFileSync(new URL('../dist/sidebar.json', import.meta.url), 'utf8'))

export default defineConfig({
  title: 'Tessera',
  description: 'API tokens for the users of your app: issue, verify, list, rotate and revoke.',
  lang: 'en',
  srcDir: 'dist/pages',
  outDir: 'dist/html',
  base: process.env['TESSERA_SITE_BASE'] ?? '/',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${process.env['TESSERA_SITE_BASE'] ?? '/'}icon.svg` }]],
  lastUpdated: false,
  markdown: {
    // Anchors are those of GitHub, and braces are text.
    anchor: { slugify: slugOf },
    attrs: { disable: true },
    config: withoutEmptyHeaders,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    languageAlias: { console: 'shellsession', cjs: 'js', mjs: 'js' },
  },
  themeConfig: {
    logo: '/icon.svg',
    outline: [2, 3],
    search: { provider: 'local' },
    sidebar,
    nav: [
      { text: 'Start', link: '/start/', activeMatch: '^/start/' },
      { text: 'Guide', link: '/guide/', activeMatch: '^/guide/' },
      { text: 'Error codes', link: '/problems/', activeMatch: '^/problems/' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
      { text: 'Security', link: '/security.html' },
    ],
    socialLinks: [{ icon: 'github', link: HOME }],
    footer: { message: 'Released under the MIT License.' },
  },
  vite: { build: { chunkSizeWarningLimit: 4000 } },
})
