global using Larder.Testing;
