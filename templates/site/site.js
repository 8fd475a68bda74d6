"use strict";
// The only script of the site. It makes elements and texts, never markup; data comes from scripts beside it, so that pages
// work from a disk.
(() => {
  const data = globalThis.litdb || {};
  const root = document.body.dataset.root || "";
  const one = (selector) => document.querySelector(selector);
  const make = (name, text, attributes) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
    return element;
  };
  const query = () => new URLSearchParams(location.search || location.hash.replace(/^#\??/, "?"));
  const remember = (words) => {
    const text = words.toString();
    try {
      history.replaceState(null, "", text ? "?" + text : location.pathname);
    } catch {
      location.hash = text;
    }
  };
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLElement && event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = one("#find");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
  });

  // --- leaderboard: sort, filter, and the address that keeps both -----------------------------------------------
  const board = () => {
    const { columns, origins, tags, notes, sources, rows } = data.board;
    const form = one("#filter"), body = one("#board tbody"), list = one("#notes"), told = one("#count");
    const step = Number(form.dataset.step);
    const NUMBER = { k: 1e3, M: 1e6, G: 1e9 };
    const valueOf = (cell) => (cell === 0 ? null : cell.length > 4 ? cell[4] : Number(cell[0]));
    const KEYS = { name: (row) => row[0], year: (row) => row[2] || null, origin: (row) => row[3] };
    let shown = step;

    const bounds = (text) => {
      const [low, high] = text.includes("..") ? text.split("..") : [text, text];
      const number = (word) => (word.trim() === "" || Number.isNaN(Number(word)) ? null : Number(word));
      return [number(low), number(high || "")];
    };
    // A range in the address may be written as on the command line: 0.4M..1.0M, where the column is in millions.
    const plain = (text, title) => {
      const unit = (/\(([kMG])\)/.exec(title) || [])[1];
      return text.replace(/(\d+(?:\.\d+)?)([kMG])/g, (_, number, suffix) => String(Number(number) * NUMBER[suffix] / (NUMBER[unit] || 1)));
    };
    const fields = [...form.querySelectorAll("[data-range]")];
    const read = () => {
      const words = query();
      const state = { q: words.get("q") || "", causal: words.get("causal") || "", origin: (words.get("origin") || "").split(",").filter(Boolean), sort: words.get("sort") || "", ranges: new Map() };
      for (const field of fields) {
        const name = field.dataset.range, text = words.get(name);
        if (text) {
          const title = (columns.find((column) => column[0] === name) || ["", ""])[1];
          state.ranges.set(name, bounds(plain(text, title)));
        }
      }
      return state;
    };
    const fill = (state) => {
      form.elements.q.value = state.q;
      form.elements.causal.value = ["yes", "no", "unknown"].includes(state.causal) ? state.causal : "";
      for (const box of form.querySelectorAll("[name=origin]")) box.checked = state.origin.includes(box.value);
      for (const field of fields) {
        const [low, high] = state.ranges.get(field.dataset.range) || [null, null];
        const [first, last] = field.querySelectorAll("input");
        first.value = low === null ? "" : low;
        last.value = high === null ? "" : high;
      }
      const filters = one("#filters");
      if (state.q || state.causal || state.origin.length || state.ranges.size) filters.open = true;
      const more = one("#more-ranges");
      if (more && [...more.querySelectorAll("input")].some((input) => input.value)) more.open = true;
    };
    const typed = (sort) => {
      const state = { q: form.elements.q.value.trim(), causal: form.elements.causal.value, origin: [...form.querySelectorAll("[name=origin]:checked")].map((box) => box.value), sort, ranges: new Map() };
      for (const field of fields) {
        const [low, high] = [...field.querySelectorAll("input")].map((input) => (input.value.trim() === "" ? null : Number(input.value)));
        if ((low !== null && !Number.isNaN(low)) || (high !== null && !Number.isNaN(high))) state.ranges.set(field.dataset.range, [low, high]);
      }
      return state;
    };
    const address = (state) => {
      const words = new URLSearchParams();
      if (state.q) words.set("q", state.q);
      for (const [name, [low, high]] of state.ranges) words.set(name, low !== null && low === high ? `${low}` : `${low ?? ""}..${high ?? ""}`);
      if (state.causal) words.set("causal", state.causal);
      if (state.origin.length) words.set("origin", state.origin.join(","));
      if (state.sort) words.set("sort", state.sort);
      return words;
    };
    const number = (row, name) => {
      if (name === "year") return row[2] || null;
      const place = columns.findIndex((column) => column[0] === name);
      return place < 0 ? null : valueOf(row[8][place]);
    };
    const chosen = (state) => {
      const wanted = fold(state.q);
      const causal = ["unknown", "yes", "no"].indexOf(state.causal);
      return rows.filter((row) => {
        if (wanted && !fold(row[0]).includes(wanted)) return false;
        if (causal >= 0 && row[5] !== causal) return false;
        if (state.origin.length && !state.origin.includes(origins[row[3]])) return false;
        for (const [name, [low, high]] of state.ranges) {
          const value = number(row, name);
          if (value === null || Number.isNaN(value) || (low !== null && value < low) || (high !== null && value > high)) return false;
        }
        return true;
      });
    };
    const sorted = (found, sort) => {
      if (!sort) return found;
      const down = sort.startsWith("-"), name = sort.replace(/^-/, "");
      const key = KEYS[name] || ((row) => number(row, name));
      const order = (a, b) => {
        const x = key(a), y = key(b);
        if (x === null || y === null) return (x === null) - (y === null);
        const less = typeof x === "string" ? x.localeCompare(y, "en") : x - y;
        return down ? -less : less;
      };
      return found.slice().sort(order);
    };
    const marks = (numbers, used) => {
      if (!numbers || !numbers.length) return null;
      const sup = make("sup");
      const places = numbers.map((note) => {
        if (!used.has(note)) used.set(note, used.size + 1);
        return used.get(note);
      }).sort((a, b) => a - b);
      places.forEach((place, at) => {
        if (at) sup.append(",");
        sup.append(make("a", String(place), { href: `#n${place}` }));
      });
      return sup;
    };
    const line = (row, used) => {
      const element = make("tr");
      if (row[6]) element.className = "own";
      const head = make("th", undefined, { scope: "row" });
      head.append(make("a", row[0], { href: root + row[1] }));
      if (row[6]) head.append(" ★");
      if (tags[row[3]]) head.append(" ", make("span", tags[row[3]], { class: "tag" }));
      const named = marks(row[7], used);
      if (named) head.append(named);
      element.append(head, make("td", row[2] ? String(row[2]) : ""));
      for (const cell of row[8]) {
        if (cell === 0) { element.append(make("td", "-")); continue; }
        const td = make("td");
        td.append(cell[1] === 1 ? make("strong", cell[0]) : cell[1] === 2 ? make("u", cell[0]) : cell[0]);
        if (cell.length > 3 && cell[3] >= 0) td.title = sources[cell[3]][0];
        const said = marks(cell[2], used);
        if (said) td.append(said);
        element.append(td);
      }
      const [source, url] = sources[row[4]];
      const place = make("td");
      place.append(url ? make("a", source, { href: url, rel: "noopener noreferrer" }) : source);
      element.append(make("td", ["", "causal", "not causal"][row[5]]), make("td", origins[row[3]]), place);
      return element;
    };
    const show = (state) => {
      const found = sorted(chosen(state), state.sort);
      const used = new Map();
      body.replaceChildren(...found.slice(0, shown).map((row) => line(row, used)));
      list.replaceChildren(...[...used.keys()].map((note, place) => make("li", notes[note], { id: `n${place + 1}` })));
      list.hidden = !used.size;
      const part = Math.min(shown, found.length);
      told.textContent = (found.length === rows.length ? `${rows.length} rows` : `${found.length} of ${rows.length} rows`) + (part < found.length ? `, the first ${part} are shown` : "");
      one("#more").hidden = part >= found.length;
      const name = state.sort.replace(/^-/, "");
      for (const button of document.querySelectorAll("#board th button")) {
        const th = button.closest("th");
        if (button.dataset.sort === name) th.setAttribute("aria-sort", state.sort.startsWith("-") ? "descending" : "ascending");
        else th.removeAttribute("aria-sort");
      }
    };
    let state = read();
    const first = form.dataset.sort || "";
    const update = (next) => {
      state = next;
      remember(address(state));
      show({ ...state, sort: state.sort || first });
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => { shown = step; update(typed(state.sort)); });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      fill({ q: "", causal: "", origin: [], ranges: new Map() });
      shown = step;
      update(typed(""));
    });
    one("#board thead").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const name = button.dataset.sort, best = button.dataset.first === "down" ? `-${name}` : name;
      const now = state.sort || first, other = best.startsWith("-") ? name : `-${name}`;
      shown = step;
      update({ ...state, sort: now === best ? other : best });
    });
    one("#more").addEventListener("click", () => {
      const before = shown;
      shown += 2 * step;
      show({ ...state, sort: state.sort || first });
      const next = body.rows[before];
      if (next) next.querySelector("a").focus();
    });
    addEventListener("popstate", () => { state = read(); fill(state); show({ ...state, sort: state.sort || first }); });
    form.hidden = false;
    one("#filters").open = matchMedia("(min-width: 60rem)").matches;
    for (const button of document.querySelectorAll("#board th button")) button.disabled = false;
    fill(state);
    if (address(state).toString()) show({ ...state, sort: state.sort || first });
    else one("#more").hidden = rows.length <= body.rows.length;
  };

  // --- search ----------------------------------------------------------------------------------------------------
  const search = () => {
    const { kinds, entries } = data.index;
    const folded = entries.map((entry) => [fold(entry[1]), fold(entry[3])]);
    const box = one("#search-words"), list = one("#found"), told = one("#count"), MOST = 100;
    const rank = (place, words) => {
      const [name, other] = folded[place];
      let points = 0;
      for (const word of words) {
        if (name === word) points += 100;
        else if (name.startsWith(word)) points += 40;
        else if (name.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))) points += 25;
        else if (name.includes(word)) points += 12;
        else if (other.split(/[^\p{L}\p{N}.]+/u).some((part) => part.startsWith(word))) points += 6;
        else if (other.includes(word)) points += 2;
        else return 0;
      }
      return points * 10 - entries[place][0] * 3 - Math.min(2, name.length / 100);
    };
    const show = () => {
      const words = fold(box.value).split(/\s+/).filter(Boolean);
      const found = !words.length ? [] : entries.map((_, place) => [rank(place, words), place]).filter(([points]) => points > 0);
      found.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
      list.replaceChildren(...found.slice(0, MOST).map(([, place]) => {
        const [kind, name, href, other] = entries[place];
        const item = make("li");
        item.append(make("span", kinds[kind], { class: "tag" }), " ", make("a", name, { href: root + href }));
        if (other) item.append(" ", make("span", other.length > 160 ? other.slice(0, 159) + "…" : other, { class: "quiet" }));
        return item;
      }));
      told.textContent = !words.length ? "" : found.length === 0 ? "Nothing is found." : `${found.length} found` + (found.length > MOST ? `, the best ${MOST} are shown` : "");
    };
    box.value = query().get("q") || "";
    box.addEventListener("input", () => {
      const words = new URLSearchParams();
      if (box.value.trim()) words.set("q", box.value);
      remember(words);
      show();
    });
    one("#search").addEventListener("submit", (event) => { event.preventDefault(); const link = list.querySelector("a"); if (link) link.focus(); });
    show();
  };

  if (data.board && one("#board")) board();
  if (data.index && one("#found")) search();
})();
