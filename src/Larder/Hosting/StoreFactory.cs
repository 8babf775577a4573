using Larder.Stores;

namespace Larder.Hosting;

/// <summary>Makes the store of one cache.</summary>
internal sealed record StoreFactory(Func<IServiceProvider, StoreContext, ILarderStore> Create);
