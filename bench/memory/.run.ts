const m = await import("/work/wt/memory/bench/memory/" + process.argv[2]);
console.log(JSON.stringify(await m.measures(), null, 1));
