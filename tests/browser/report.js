// The page of `numaprobe report` in a real Chromium, from the files of tests/report_csv.py and report_json.py. Prints TAP.
// Usage: report.js PAGE PLAIN-PAGE FOUND-PAGE COMPARED-PAGE FLEET-PAGE CARDS-PAGE FOLDER: the page, one written without
// gnuplot, one of what detect found alone, of programs compared, of a fleet, of machine cards, and where screenshots go.
"use strict";
const { chromium } = require("playwright-core");
const { pathToFileURL } = require("url");

const [page, plain, found, compared, fleet, cards, folder] = process.argv.slice(2);
const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
// Points that a panel of the test's files draws: blocks of variants or pairs, without the key's own.
const charts = {
  latency: { count: 7, selector: "use", least: 15 },
  distribution: { count: 21, selector: "use", least: 15 },
  events: { count: 3, selector: "use", least: 15 },
  gap: { count: 4, selector: "use", least: 10 },
  matrix: { count: 2, selector: "path[fill], polygon, rect", least: 240 },
  costs: { count: 1, selector: "use", least: 50 },
  maps: { count: 1, selector: "path[fill], polygon, rect", least: 12 },
  scaling: { count: 3, selector: "use", least: 8 },
  memory: { count: 1, selector: "use", least: 8 },
};

let tests = 0, failed = 0;
async function test(name, body) {
  const problems = [];
  const check = (good, what) => good || problems.push(what);
  try { await body(check); } catch (error) { problems.push(error.message); }
  tests++;
  failed += problems.length > 0;
  console.log(`${problems.length ? "not ok" : "ok"} ${tests} - ${name}`);
  for (const p of problems) console.log("# " + String(p).split("\n").join("\n# "));
}

// A page that must stay silent: no message, no error, no request but for itself.
async function open(browser, file, options, check) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(120000); // a busy machine takes long over a page in print
  const tab = await context.newPage();
  tab.on("console", (m) => check(false, "console: " + m.text()));
  tab.on("pageerror", (e) => check(false, "error: " + e.message));
  tab.on("request", (r) => check(r.url() === pathToFileURL(file).href, "request: " + r.url()));
  await tab.goto(pathToFileURL(file).href);
  return tab;
}

const overflow = (tab) => tab.evaluate(() => {
  const width = document.documentElement.clientWidth;
  const inBox = (e) => e.closest(".scroll, svg, caption, .skip");
  const wide = [...document.querySelectorAll("body *")].filter((e) => !inBox(e) &&
    e.getBoundingClientRect().right > width + 0.5).map((e) => e.tagName + "." + e.className);
  return { scroll: document.documentElement.scrollWidth, width, wide };
});

// WCAG 2.2, 1.4.3: contrast of a text with what stands behind it.
const contrasts = (tab) => tab.evaluate(() => {
  const rgb = (text) => text.match(/[\d.]+/g).map(Number);
  const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, w, i) => {
    const v = c[i] / 255;
    return sum + w * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  }, 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const low = new Set();
  for (const e of document.querySelectorAll("h1, h2, h3, h4, p, li, figcaption, td, th, small, strong, span, a, summary, pre, svg text")) {
    const style = getComputedStyle(e);
    const ink = rgb(e.closest("svg") ? style.fill : style.color);
    // Labels of heat maps stand on their cells; which of two inks is the chart's decision, by the cell's shade.
    if (e.closest("[data-chart=matrix], [data-chart=maps]") || !e.textContent.trim()) continue;
    const [a, b] = [light(ink), light(behind(e.closest("svg") || e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.add(`${e.tagName}.${e.className} ${ink} ${ratio.toFixed(2)}`);
  }
  return [...low];
});

async function main() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args });
  for (const width of [375, 1440])
    for (const colorScheme of ["light", "dark"])
      await test(`${width} px, ${colorScheme}: silent, no overflow, contrast AA`, async (check) => {
        const tab = await open(browser, page, { viewport: { width, height: 900 }, colorScheme }, check);
        await tab.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
        const o = await overflow(tab);
        check(o.scroll <= o.width, `scrolls to ${o.scroll} of ${o.width}`);
        check(o.wide.length === 0, "wider than the page: " + o.wide);
        for (const low of await contrasts(tab)) check(false, "contrast: " + low);
        await tab.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = false; }));
        await tab.screenshot({ path: `${folder}/report-${width}-${colorScheme}.png`, fullPage: true });
        await tab.context().close();
      });

  for (const width of [375, 1440])
    for (const colorScheme of ["light", "dark"])
      await test(`${width} px, ${colorScheme}: what detect found, the line in a box of its own`, async (check) => {
        const tab = await open(browser, found, { viewport: { width, height: 900 }, colorScheme }, check);
        const o = await overflow(tab);
        check(o.scroll <= o.width, `scrolls to ${o.scroll} of ${o.width}`);
        check(o.wide.length === 0, "wider than the page: " + o.wide);
        for (const low of await contrasts(tab)) check(false, "contrast: " + low);
        check(await tab.locator("section").count() === 3, "sections of files that were not given");
        const boxes = await tab.$$eval(".bytes", (all) => all.map((t) => ({
          width: t.parentElement.scrollWidth, seen: t.parentElement.clientWidth, focus: t.parentElement.tabIndex,
        })));
        check(boxes.length === 5, `${boxes.length} lines are drawn, not 5`);
        for (const box of boxes)
          check(box.focus === 0 && box.width > box.seen === (width === 375), JSON.stringify(box));
        await tab.screenshot({ path: `${folder}/found-${width}-${colorScheme}.png`, fullPage: true });
        await tab.context().close();
      });

  for (const width of [375, 1440])
    await test(`${width} px: programs compared`, async (check) => {
      const tab = await open(browser, compared, { viewport: { width, height: 900 } }, check);
      const o = await overflow(tab);
      check(o.scroll <= o.width, `scrolls to ${o.scroll} of ${o.width}`);
      check(o.wide.length === 0, "wider than the page: " + o.wide);
      for (const low of await contrasts(tab)) check(false, "contrast: " + low);
      check(await tab.locator("section").count() === 3, "sections of files that were not given");
      check(await tab.locator("#compared svg").count() === 2, "not a distribution and ratios");
      check((await tab.textContent("#answer")).includes("b is faster than a"), "no verdict");
      await tab.screenshot({ path: `${folder}/compared-${width}.png`, fullPage: true });
      await tab.context().close();
    });

  for (const width of [375, 1440])
    for (const colorScheme of ["light", "dark"])
      await test(`${width} px, ${colorScheme}: a fleet, and who is not like the others`, async (check) => {
        const options = { viewport: { width, height: 900 }, colorScheme, javaScriptEnabled: colorScheme === "light" };
        const tab = await open(browser, fleet, options, check);
        const o = await overflow(tab);
        check(o.scroll <= o.width, `scrolls to ${o.scroll} of ${o.width}`);
        check(o.wide.length === 0, "wider than the page: " + o.wide);
        for (const low of await contrasts(tab)) check(false, "contrast: " + low);
        check(await tab.locator("section").count() === 3, "not the answer, hosts and values");
        const named = await tab.locator(".fleet > li > .what > strong").allTextContents();
        check(named.includes("node0007") && named.includes("node0011"), "named: " + named);
        check(await tab.locator(".fleet > li").first().isVisible(), "nobody is seen");
        const top = await tab.locator(".fleet > li").first().evaluate((e) => e.getBoundingClientRect().top);
        check(top < 700, `the first one is ${top} px down`);
        check(await tab.locator(".strip").count() > 0 && await tab.locator(".strip circle").count() ===
          await tab.locator(".strip").count(), "not one dot in each strip");
        const sizes = await tab.$$eval(".strip text", (all) => all.map((e) => e.getBoundingClientRect().height));
        check(sizes.every((s) => s > 9), "texts of " + sizes);
        check(await tab.locator("#hosts tbody tr").count() === 24, "not a row for each host");
        check((await tab.locator("#hosts tbody tr").first().textContent()).includes("not like the others"), "not first");
        check((await tab.textContent("#hosts")).includes("<script>alert(3)</script>"), "a name is not shown");
        check((await tab.$$("script")).length === 1, "more than one script");
        const summary = tab.locator("#values summary").first();
        await summary.click();
        check(await tab.locator("#values td").first().isVisible(), "the values cannot be unfolded");
        await summary.click();
        await tab.screenshot({ path: `${folder}/fleet-${width}-${colorScheme}.png`, fullPage: true });
        await tab.context().close();
      });

  for (const width of [375, 1440])
    for (const colorScheme of ["light", "dark"])
      await test(`${width} px, ${colorScheme}: machine cards side by side`, async (check) => {
        const tab = await open(browser, cards, { viewport: { width, height: 900 }, colorScheme }, check);
        const o = await overflow(tab);
        check(o.scroll <= o.width, `scrolls to ${o.scroll} of ${o.width}`);
        check(o.wide.length === 0, "wider than the page: " + o.wide);
        for (const low of await contrasts(tab)) check(false, "contrast: " + low);
        check(await tab.locator("section").count() === 2, "sections of files that were not given");
        const heads = await tab.$$eval("#cards table", (all) => all.map((t) =>
          [...t.tHead.rows[0].cells].map((c) => c.textContent).join("|")));
        check(heads[0].startsWith("machine|old|later|"), "the machines: " + heads[0]);
        check(heads.filter((h) => h.startsWith("op and line|old|")).length >= 1, "no prices");
        const marked = await tab.$$eval("#cards td.bad", (all) => all.map((e) => e.textContent));
        check(marked.includes("38.4 (38.1–38.9) 1.32×"), "not marked: " + marked);
        check((await tab.locator("#cards details").textContent()).includes("no second thread"), "no reasons");
        await tab.screenshot({ path: `${folder}/cards-${width}-${colorScheme}.png`, fullPage: true });
        await tab.context().close();
      });

  await test("a line's cells lie under their bytes, letters beside them at any scroll", async (check) => {
    const tab = await open(browser, found, { viewport: { width: 375, height: 900 } }, check);
    const line = tab.locator(".bytes").first();
    const left = (name) => line.locator(name).first().evaluate((e) => e.getBoundingClientRect().left);
    const letter = await left("tbody th");
    const byte = (await line.locator("thead th[scope=col]").nth(6).boundingBox()).x;
    check(Math.abs(byte - await left("tr:nth-child(1) .written")) < 1, "A's first cell is not under byte 48");
    await line.evaluate((e) => { e.parentElement.scrollLeft = 300; });
    check(Math.abs(letter - await left("tbody th")) < 2, "the letter scrolled away");
    check(await left(".written") < byte - 200, "the cells did not scroll");
    check(await tab.locator(".bytes button").count() === 0, "a drawing that sorts");
    check(await tab.locator("article table:not(.bytes) th button").count() === 3 * 16, "tables that do not sort");
    check((await tab.textContent("#found")).includes("<script>alert(2)</script>"), "a name is not shown");
    check((await tab.$$("script")).length === 1, "more than one script");
    await tab.context().close();
  });

  await test("in print the line fits the paper", async (check) => {
    const tab = await open(browser, found, { viewport: { width: 680, height: 1000 } }, check);
    await tab.emulateMedia({ media: "print" });
    const wide = await tab.$$eval(".bytes", (all) => all.filter((t) => t.scrollWidth > 680).length);
    check(wide === 0, `${wide} lines are wider than the paper`);
    await tab.pdf({ path: `${folder}/found.pdf`, format: "A4" });
    await tab.screenshot({ path: `${folder}/found-print.png`, fullPage: true });
    await tab.context().close();
  });

  await test("every chart is there with its data, named and described", async (check) => {
    const tab = await open(browser, page, {}, check);
    for (const [name, want] of Object.entries(charts)) {
      const found = await tab.$$eval(`[data-chart=${name}] svg`, (svgs, selector) => svgs.map((svg) => ({
        points: svg.querySelectorAll(selector).length,
        role: svg.getAttribute("role"),
        label: svg.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id)?.textContent),
      })), want.selector);
      check(found.length === want.count, `${found.length} charts ${name}, not ${want.count}`);
      for (const chart of found) {
        check(chart.points >= want.least, `${name} has ${chart.points} points`);
        check(chart.role === "img" && chart.label.length === 2 && chart.label.every((t) => t), `${name} unnamed`);
      }
    }
    check(await tab.$("p.warn") === null, "a chart could not be drawn");
    const twice = await tab.$$eval("[id]", (all) => all.map((e) => e.id).filter((id, i, ids) => ids.indexOf(id) !== i));
    check(twice.length === 0, "ids twice: " + twice.slice(0, 5));
    const lost = await tab.$$eval("svg use", (all) => all.filter((e) =>
      !document.getElementById((e.getAttribute("href") || e.getAttribute("xlink:href")).slice(1))).length);
    check(lost === 0, `${lost} points refer to nothing`);
    await tab.context().close();
  });

  await test("each chart's colours are the page's, in light and dark", async (check) => {
    const seen = {};
    for (const colorScheme of ["light", "dark"]) {
      const tab = await open(browser, page, { colorScheme }, check);
      seen[colorScheme] = await tab.$$eval("[data-chart=latency] svg use", (all) =>
        [...new Set(all.map((e) => getComputedStyle(e).color))]);
      await tab.context().close();
    }
    check(seen.light.length >= 3 && seen.light.every((c) => !seen.dark.includes(c)),
      `${seen.light} | ${seen.dark}`);
  });

  await test("headings in order, one h1, a language, landmarks", async (check) => {
    const tab = await open(browser, page, {}, check);
    const levels = await tab.$$eval("h1, h2, h3, h4", (all) => all.map((h) => Number(h.tagName[1])));
    check(levels.filter((l) => l === 1).length === 1, "not one h1");
    check(levels.every((l, i) => i === 0 || l <= levels[i - 1] + 1), "a level is skipped");
    check(await tab.getAttribute("html", "lang") === "en", "no language");
    for (const landmark of ["header", "nav", "main", "footer"]) check(await tab.$(landmark), "no " + landmark);
    await tab.context().close();
  });

  await test("a host named <script> is a text", async (check) => {
    const tab = await open(browser, page, {}, check);
    check((await tab.textContent("header")).includes("<script>alert(1)</script>"), "the name is not shown");
    check((await tab.$$("script")).length === 1, "more than one script");
    await tab.context().close();
  });

  await test("tables sort by click and by key, numbers as numbers, empty cells last", async (check) => {
    const tab = await open(browser, page, {}, check);
    const table = tab.locator("#latency table").nth(1);
    const column = (name) => table.evaluate((t, n) => {
      const index = [...t.tHead.rows[0].cells].findIndex((c) => c.textContent === n);
      return [...t.tBodies[0].rows].map((r) => r.cells[index].textContent);
    }, name);
    const head = table.locator("th", { hasText: /^ns\/op$/ });
    await head.locator("button").click();
    const up = (await column("ns/op")).map(Number);
    check(up.every((v, i) => i === 0 || v >= up[i - 1]), "not ascending: " + up);
    check(await head.getAttribute("aria-sort") === "ascending", "aria-sort is not ascending");
    await head.locator("button").focus();
    await tab.keyboard.press("Enter");
    const down = (await column("ns/op")).map(Number);
    check(down.every((v, i) => i === 0 || v <= down[i - 1]), "not descending: " + down);
    check(await head.getAttribute("aria-sort") === "descending", "aria-sort is not descending");
    await table.locator("th", { hasText: /^ratio$/ }).locator("button").click();
    const ratios = await column("ratio");
    check(ratios.indexOf("") === ratios.filter((r) => r).length, "empty cells are not last: " + ratios);
    check(await head.getAttribute("aria-sort") === null, "two columns claim to sort");
    await table.locator("th", { hasText: /^variant$/ }).locator("button").click();
    const variants = (await column("variant")).filter((v, i, all) => all.indexOf(v) === i);
    check(variants.join() === "8 B,16 B,64 B,128 B,isolated", "variants: " + variants);
    await tab.context().close();
  });

  await test("without scripts: tables, charts and folded data are there", async (check) => {
    const tab = await open(browser, page, { javaScriptEnabled: false, viewport: { width: 375, height: 800 } }, check);
    check(await tab.locator("th button").count() === 0, "buttons that do nothing");
    check(await tab.locator("#latency td").count() > 50, "no table");
    const drawn = Object.values(charts).reduce((sum, chart) => sum + chart.count, 0);
    check(await tab.locator(".drawing svg").count() === drawn, "no charts");
    const folded = tab.locator("#distribution details").first();
    await folded.locator("summary").first().click();
    check(await folded.locator("td").first().isVisible(), "the data cannot be unfolded");
    await tab.context().close();
  });

  await test("in print: black on white, all data unfolded, nothing cut", async (check) => {
    const tab = await open(browser, page, { colorScheme: "dark", viewport: { width: 794, height: 1123 } }, check);
    await tab.emulateMedia({ media: "print" });
    const look = await tab.evaluate(() => ({
      paper: getComputedStyle(document.body).backgroundColor,
      nav: getComputedStyle(document.querySelector("nav")).display,
      scroll: getComputedStyle(document.querySelector(".scroll")).overflowX,
      folded: document.querySelector("#distribution details td").checkVisibility({ contentVisibilityAuto: true }),
    }));
    check(look.paper === "rgb(255, 255, 255)", "paper is " + look.paper);
    check(look.nav === "none" && look.scroll === "visible" && look.folded, JSON.stringify(look));
    await tab.pdf({ path: `${folder}/report.pdf`, format: "A4" });
    await tab.screenshot({ path: `${folder}/report-print.png`, fullPage: true });
    await tab.context().close();
  });

  await test("without gnuplot: the page says why, and has every table", async (check) => {
    const tab = await open(browser, plain, { viewport: { width: 375, height: 800 } }, check);
    check((await tab.textContent("#warnings")).includes("gnuplot is not installed"), "no reason");
    check(await tab.locator(".drawing svg").count() === 0, "charts");
    check(await tab.locator("#answer .ratio").count() > 5, "no ratios");
    check(await tab.locator("#distribution td").first().isVisible(), "the tables are folded away");
    const o = await overflow(tab);
    check(o.scroll <= o.width, `scrolls to ${o.scroll} of ${o.width}`);
    await tab.screenshot({ path: `${folder}/report-plain.png`, fullPage: true });
    await tab.context().close();
  });

  await browser.close();
  console.log(`1..${tests}`);
  process.exit(failed ? 1 : 0);
}
main();
