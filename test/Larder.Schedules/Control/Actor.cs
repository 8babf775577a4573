namespace Larder.Schedules.Control;

/// <summary>Something that runs: a call of the cache, a step of the server, an answer or a message on its way.</summary>
internal sealed class Actor(int id, string name, Action body)
{
    /// <summary>The order of creation.</summary>
    public int Id => id;

    public string Name => name;

    public Action Body => body;

    /// <summary>The thread that runs it, once it has begun.</summary>
    public ActorThread? Thread { get; set; }

    /// <summary>For strategies that order actors.</summary>
    public int Priority { get; set; }
}
