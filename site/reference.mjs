import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Application, LogLevel } from 'typedoc'
import { HOME, root } from './build/root.mjs'

/**
 * Writes the reference of all packages, a page for each, from the docstrings of what they export. A warning is an error.
 *
 * @param {string} out
 */
export async function writeReference(out) {
  const packages = readdirSync(join(root, 'packages'))
  const app = await Application.bootstrapWithPlugins({
    entryPoints: packages.map((name) => join(root, 'packages', name, 'src/index.ts')),
    tsconfig: join(root, 'site/tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    readme: 'none',
    out,
    logLevel: LogLevel.Warn,
    treatWarningsAsErrors: true,
    excludeExternals: true,
    // The types have a check of their own.
    skipErrorChecking: true,
    disableGit: true,
    basePath: root,
    gitRevision: 'main',
    sourceLinkTemplate: `${HOME}/blob/main/packages/{path}#L{line}`,
    // @ts-expect-error: options of the plugin
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    // Of two members with one name, the headings alone would lead to the first.
    useHTMLAnchors: true,
    anchorPrefix: 'r-',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    propertyMembersFormat: 'table',
    interfacePropertiesFormat: 'table',
    tableColumnSettings: { hideSources: true, hideInherited: true, hideModifiers: true },
  })
  const project = await app.convert()
  if (project === undefined) throw new Error('the reference could not be made; the errors stand above')
  for (const module of project.children ?? []) module.name = module.name.replace(/^packages\/|\/src$/g, '')
  app.validate(project)
  await app.generateOutputs(project)
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('the reference has faults; they stand above')
}
