/** Bringing accounts in from a file: upload, mapping, check, import. */

import { isUnderWay, withField, withFix } from "../logic/imports.js";

const ASK_EVERY_MS = 700;

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function importActions(controller, service) {
  const change = (patch) =>
    controller.change({ imports: { ...controller.state.imports, ...patch } });

  /** A request of the user; what the service refuses stands in the panel. */
  async function tried(working, ask) {
    change({ working, detail: null });
    try {
      const answer = await ask();
      controller.change({ connectionLost: false });
      return answer;
    } catch (error) {
      if (error.name !== "ServiceError") throw error;
      const detail = error.problem?.errors?.map((one) => one.detail).join(" ") || error.message;
      change({ detail });
      controller.change({ announcement: detail, connectionLost: error.isConnectionLost });
      return null;
    } finally {
      change({ working: null });
    }
  }

  async function follow(id) {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      if (controller.state.imports.current?.import_id !== id) return;
      const current = await controller.orNothing(service.getImport(id));
      if (controller.state.imports.current?.import_id !== id) return;
      if (!current) continue;
      change({ current });
      if (isUnderWay(current)) continue;
      const announcement = current.problem?.detail ?? current.report?.summary ?? "";
      controller.change({ announcement });
      if (current.report && !current.report.is_dry_run) changed();
      return;
    }
  }

  /** The accounts are others now. */
  function changed() {
    controller.act("reloadAccounts");
    controller.act("reloadDataset");
    controller.act("reloadWorklist");
    controller.act("reloadDuplicates");
    controller.act("listImports");
  }

  async function listImports() {
    const items = await controller.orNothing(service.whenReady(() => service.listImports()));
    if (items) change({ items, status: "ready" });
  }

  async function map(mapping) {
    const { current } = controller.state.imports;
    // At once, so that the fields do not jump back while the service looks at it.
    change({ current: { ...current, mapping } });
    const mapped = await tried("map", () => service.mapImport(current.import_id, { mapping }));
    if (mapped && controller.state.imports.current?.import_id === current.import_id) {
      change({ current: mapped });
    }
  }

  async function upload(file, options) {
    controller.change({ announcement: `Reading ${file.name}.` });
    const current = await tried("upload", () => service.uploadImport(file, options));
    if (!current) return null;
    change({ current, file, ignored: [], isBack: false });
    controller.change({ announcement: `${file.name} is read. Check what its columns are.` });
    return current;
  }

  return {
    listImports,

    loadImports() {
      const { section, accountsTab, imports } = controller.state;
      if (section === "accounts" && accountsTab === "import" && imports.status === "idle") {
        listImports();
      }
    },

    /** @param {File} file */
    uploadFile(file) {
      upload(file, {});
    },

    /** @param {{column: string, field: string}} said field: empty leaves the column out */
    mapColumn({ column, field }) {
      map(withField(controller.state.imports.current.mapping, column, field));
    },

    /** @param {Record<string, string>} fix */
    fixMapping(fix) {
      map(withFix(controller.state.imports.current.mapping, fix));
    },

    /** The file is read anew, as of another system. */
    async choosePreset(preset) {
      const { file, current: before } = controller.state.imports;
      if (!file) return;
      const current = await upload(file, preset ? { preset } : {});
      if (current) await controller.orNothing(service.cancelImport(before.import_id));
    },

    /** It is meant as it stands. */
    ignoreProblem(code) {
      change({ ignored: [...controller.state.imports.ignored, code] });
    },

    /** @param {{dryRun: boolean, system?: string, clearEmpty?: boolean}} wanted */
    async runImport({ dryRun, system, clearEmpty }) {
      const { current, ignored } = controller.state.imports;
      const { import_id: id, mapping } = current;
      const body = { mapping, dry_run: dryRun, ignore: ignored };
      if (system) body.system = system;
      if (clearEmpty) body.clear_empty = true;
      const started = await tried("run", () => service.runImport(id, body));
      if (!started) return;
      const asked = { system: system ?? current.system, clearEmpty };
      change({ current: started, isBack: false, asked });
      const announcement = dryRun ? "Checking the file." : "Importing the file.";
      controller.change({ announcement });
      follow(id);
    },

    backToColumns() {
      change({ isBack: true });
    },

    async cancelImport() {
      const { current } = controller.state.imports;
      const stopped = await tried("run", () => service.cancelImport(current.import_id));
      if (stopped) change({ current: isUnderWay(stopped) ? stopped : null });
      listImports();
    },

    async openImport(id) {
      const current = await tried("upload", () => service.getImport(id));
      if (!current) return;
      change({ current, file: null, ignored: [], isBack: false });
      if (isUnderWay(current)) follow(id);
    },

    closeImport() {
      change({ current: null, file: null, detail: null });
      listImports();
    },
  };
}
